extension String {
  /// The text as columns can hold it: SQLite's texts end at U+0000, and the rest would be lost silently.
  /// The sign ␀ stands for each. Records keep their bytes (`record.raw`); this is for what is read out of them, and for what
  /// people and models write.
  package var storable: String { utf8.contains(0) ? replacing("\0", with: "\u{2400}") : self }
}
