print("deepcritic")
