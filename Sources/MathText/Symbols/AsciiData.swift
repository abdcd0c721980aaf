extension SymbolData {
  /// What stands for a sign where only ASCII can be shown: `sign words`, one pair between semicolons.
  static let ascii = #"""
    :≈ :~ ; ¢ c ; £ GBP ; ¥ JPY ; § S ; © (c) ; ¬ not ; ® (R) ; ° deg ; ± +- ; ² ^2 ; ³ ^3 ; µ u ; ¶ P ; · * ;
    ¹ ^1 ; ¼ 1/4 ; ½ 1/2 ; ¾ 3/4 ; Å A ; Æ AE ; × x ; Ø O ; ß ss ; å a ; æ ae ; ð eth ; ÷ /: ; ø o ; ı i ; ł l ;
    œ oe ; ȷ j ; Α Alpha ; Β Beta ; Γ Gamma ; Δ Delta ; Ε Epsilon ; Ζ Zeta ; Η Eta ; Θ Theta ; Ι Iota ; Κ Kappa ;
    Λ Lambda ; Μ Mu ; Ν Nu ; Ξ Xi ; Ο Omicron ; Π Pi ; Ρ Rho ; Σ Sigma ; Τ Tau ; Υ Upsilon ; Φ Phi ; Χ Chi ; Ψ Psi ;
    Ω Ohm ; α alpha ; β beta ; γ gamma ; δ delta ; ε epsilon ; ζ zeta ; η eta ; θ theta ; ι iota ; κ kappa ;
    λ lambda ; μ mu ; ν nu ; ξ xi ; ο omicron ; π pi ; ρ rho ; ς sigma ; σ sigma ; τ tau ; υ upsilon ; φ phi ;
    χ chi ; ψ psi ; ω omega ; ϑ theta ; ϕ phi ; ϖ pi ; ϝ digamma ; ϰ kappa ; ϱ rho ; ϵ epsilon ; ᵀ ^T ; – - ; — -- ;
    ‖ || ; ‘ ' ; ’ ' ; “ " ; ” " ; † dagger ; ‡ ddagger ; • * ; … ... ; ‰ o/oo ; ′ ' ; ″ '' ; ‴ ''' ; ‵ ` ;
    ‾ overline ; € EUR ; ℂ C ; ℃ degC ; ℏ hbar ; ℑ Im ; ℓ l ; ℕ N ; ℘ wp ; ℙ P ; ℚ Q ; ℜ Re ; ℝ R ; ℤ Z ; ℧ mho ;
    Ⅎ Finv ; ℵ aleph ; ℶ beth ; ℷ gimel ; ℸ daleth ; ⅁ Game ; ⅓ 1/3 ; ⅔ 2/3 ; ← <- ; ↑ ^| ; → -> ; ↓ v| ; ↔ <-> ;
    ↕ updown ; ↖ NW ; ↗ NE ; ↘ SE ; ↙ SW ; ↚ </- ; ↛ -/> ; ↞ <<- ; ↠ ->> ; ↢ <-< ; ↣ >-> ; ↦ |-> ; ↩ <- ; ↪ -> ;
    ↬ -> ; ↭ <~> ; ↮ </-> ; ↶ curvearrowleft ; ↷ curvearrowright ; ↺ circlearrowleft ; ↻ circlearrowright ; ↼ <- ;
    ↽ <- ; ↾ restr ; ↿ restr ; ⇀ -> ; ⇁ -> ; ⇄ <-> ; ⇆ <-> ; ⇇ <<- ; ⇈ Up ; ⇉ ->> ; ⇊ Down ; ⇋ <=> ; ⇌ <=> ; ⇍ </= ;
    ⇎ </=> ; ⇏ =/> ; ⇐ <= ; ⇑ Up ; ⇒ => ; ⇓ Down ; ⇔ <=> ; ⇕ UpDown ; ⇚ <= ; ⇛ => ; ⇝ ~> ; ⇠ <-- ; ⇢ --> ;
    ∀ forall ; ∁ C ; ∂ d ; ∃ E ; ∄ !E ; ∅ {} ; ∇ nabla ; ∈ in ; ∉ notin ; ∋ ni ; ∏ prod ; ∐ coprod ; ∑ sum ; − - ;
    ∓ -+ ; ∔ .+ ; ∖ |smallsetminus ; ∘ o ; √ sqrt ; ∛ cbrt ; ∜ root4 ; ∝ propto ; ∞ oo ; ∠ angle ; ∡ angle ;
    ∢ angle ; ∣ | ; ∤ nmid ; ∥ || ; ∦ nparallel ; ∧ and ; ∨ or ; ∩ cap ; ∪ cup ; ∫ int ; ∫⋯∫ int...int ; ∬ iint ;
    ∭ iiint ; ∮ oint ; ∯ oiint ; ∰ oiiint ; ∴ therefore ; ∵ because ; ∼ ~ ; ∽ ~ ; ≁ !~ ; ≂ =~ ; ≃ ~- ; ≅ ~= ;
    ≇ !~= ; ≈ ~= ; ≊ ~= ; ≍ asymp ; ≎ Bumpeq ; ≏ bumpeq ; ≐ .= ; ≑ .=. ; ≒ .= ; ≓ =. ; ≔ := ; ≕ =: ; ≖ =o ; ≗ o= ;
    ≜ := ; ≠ != ; ≡ === ; ≤ <= ; ≥ >= ; ≦ <= ; ≧ >= ; ≨ <!= ; ≩ >!= ; ≪ << ; ≫ >> ; ≬ between ; ≮ !< ; ≯ !> ;
    ≰ !<= ; ≱ !>= ; ≲ <~ ; ≳ >~ ; ≶ <> ; ≷ >< ; ≺ prec ; ≻ succ ; ≼ preceq ; ≽ succeq ; ≾ precsim ; ≿ succsim ;
    ⊀ !prec ; ⊁ !succ ; ⊂ subset ; ⊃ supset ; ⊆ subseteq ; ⊇ supseteq ; ⊈ nsubseteq ; ⊉ nsupseteq ; ⊊ subsetneq ;
    ⊋ supsetneq ; ⊎ uplus ; ⊏ sqsubset ; ⊐ sqsupset ; ⊑ sqsubseteq ; ⊒ sqsupseteq ; ⊓ sqcap ; ⊔ sqcup ; ⊕ (+) ;
    ⊖ (-) ; ⊗ (x) ; ⊘ (/) ; ⊙ (.) ; ⊚ (o) ; ⊛ (*) ; ⊝ (-) ; ⊞ [+] ; ⊟ [-] ; ⊠ [x] ; ⊡ [.] ; ⊢ |- ; ⊣ -| ; ⊤ T ;
    ⊥ perp ; ⊨ |= ; ⊩ ||- ; ⊬ nvdash ; ⊭ nvDash ; ⊲ <| ; ⊳ |> ; ⊴ <|= ; ⊵ |>= ; ⊸ -o ; ⊺ T ; ⊻ xor ; ⊼ nand ;
    ⋀ And ; ⋁ Or ; ⋂ Intersection ; ⋃ Union ; ⋄ diamond ; ⋆ star ; ⋇ divideontimes ; ⋈ bowtie ; ⋉ ltimes ;
    ⋊ rtimes ; ⋋ leftthreetimes ; ⋌ rightthreetimes ; ⋍ ~- ; ⋎ or ; ⋏ and ; ⋐ Subset ; ⋑ Supset ; ⋒ Cap ; ⋓ Cup ;
    ⋔ pitchfork ; ⋘ <<< ; ⋙ >>> ; ⋞ curlyeqprec ; ⋟ curlyeqsucc ; ⋪ !<| ; ⋮ : ; ⋯ ... ; ⋰ ... ; ⋱ ... ; ⌈ ceil( ;
    ⌉ ) ; ⌊ floor( ; ⌋ ) ; ⌒ arc ; ⌢ frown ; ⌣ smile ; ␣ _ ; Ⓢ (S) ; ─ - ; │ | ; ╱ / ; ╲ |permil ; ■ [] ; □ [] ;
    ▲ triangle ; △ triangle ; ▷ |> ; ▼ triangle ; ▽ nabla ; ◁ <| ; ◇ <> ; ◊ <> ; ◯ O ; ★ * ; ☺ :) ; ♠ spade ;
    ♡ heart ; ♢ diamond ; ♣ club ; ♭ flat ; ♮ natural ; ♯ sharp ; ✓ ok ; ✠ + ; ⟦ [[ ; ⟧ ]] ; ⟨ < ; ⟩ > ; ⟵ <-- ;
    ⟶ --> ; ⟷ <--> ; ⟸ <== ; ⟹ ==> ; ⟺ <==> ; ⟼ |--> ; ⧫ <> ; ⨀ (.) ; ⨁ (+) ; ⨂ (x) ; ⨄ biguplus ; ⨆ bigsqcup ;
    ⨌ iiiint ; ⨿ amalg ; ⪅ <~ ; ⪆ >~ ; ⪇ <!= ; ⪈ >!= ; ⪯ preceq ; ⪰ succeq ; 𝔼 E ; 𝔽 F
    """#
}
