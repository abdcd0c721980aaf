/// The signs of LaTeX and AMS mathematics, as data: `command sign ; command sign ; …`.
enum SymbolData {
  /// Relations and arrows: command and sign.
  static let relations = #"""
    leq ≤ ; le ≤ ; geq ≥ ; ge ≥ ; leqslant ≤ ; geqslant ≥ ; leqq ≦ ; geqq ≧ ; lt < ; gt > ; neq ≠ ; ne ≠ ; equiv ≡ ;
    approx ≈ ; approxeq ≊ ; sim ∼ ; simeq ≃ ; cong ≅ ; asymp ≍ ; doteq ≐ ; doteqdot ≑ ; triangleq ≜ ; coloneqq ≔ ;
    coloneq ≔ ; eqqcolon ≕ ; propto ∝ ; varpropto ∝ ; ll ≪ ; gg ≫ ; lll ⋘ ; ggg ⋙ ; prec ≺ ; succ ≻ ; preceq ⪯ ;
    succeq ⪰ ; preccurlyeq ≼ ; succcurlyeq ≽ ; precsim ≾ ; succsim ≿ ; lesssim ≲ ; gtrsim ≳ ; lessgtr ≶ ;
    gtrless ≷ ; lessapprox ⪅ ; gtrapprox ⪆ ; in ∈ ; isin ∈ ; notin ∉ ; ni ∋ ; owns ∋ ; subset ⊂ ; supset ⊃ ;
    subseteq ⊆ ; supseteq ⊇ ; subseteqq ⊆ ; supseteqq ⊇ ; subsetneq ⊊ ; supsetneq ⊋ ; subsetneqq ⊊ ; supsetneqq ⊋ ;
    varsubsetneq ⊊ ; nsubseteq ⊈ ; nsupseteq ⊉ ; sqsubset ⊏ ; sqsupset ⊐ ; sqsubseteq ⊑ ; sqsupseteq ⊒ ; Subset ⋐ ;
    Supset ⋑ ; mid | ; nmid ∤ ; parallel ∥ ; shortparallel ∥ ; nparallel ∦ ; shortmid | ; divides | ; perp ⊥ ;
    models ⊨ ; vDash ⊨ ; Vdash ⊩ ; vdash ⊢ ; dashv ⊣ ; nvdash ⊬ ; nvDash ⊭ ; bowtie ⋈ ; Join ⋈ ; smile ⌣ ; frown ⌢ ;
    between ≬ ; pitchfork ⋔ ; therefore ∴ ; because ∵ ; nless ≮ ; ngtr ≯ ; nleq ≰ ; ngeq ≱ ; nleqslant ≰ ;
    ngeqslant ≱ ; lneq ⪇ ; gneq ⪈ ; lneqq ≨ ; gneqq ≩ ; ncong ≇ ; nsim ≁ ; nprec ⊀ ; nsucc ⊁ ; vartriangleleft ⊲ ;
    vartriangleright ⊳ ; lhd ⊲ ; rhd ⊳ ; unlhd ⊴ ; unrhd ⊵ ; trianglelefteq ⊴ ; trianglerighteq ⊵ ;
    ntriangleleft ⋪ ; triangleqdef ≜ ; backsim ∽ ; thicksim ∼ ; thickapprox ≈ ; eqsim ≂ ; bumpeq ≏ ; Bumpeq ≎ ;
    circeq ≗ ; risingdotseq ≓ ; fallingdotseq ≒ ; eqcirc ≖ ; backsimeq ⋍ ; equal = ; vcentcolon : ; ratio : ;
    colonapprox :≈ ; curlyeqprec ⋞ ; curlyeqsucc ⋟ ; multimap ⊸ ; to → ; rightarrow → ; leftarrow ← ; gets ← ;
    leftrightarrow ↔ ; longrightarrow ⟶ ; longleftarrow ⟵ ; longleftrightarrow ⟷ ; Rightarrow ⇒ ; Leftarrow ⇐ ;
    Leftrightarrow ⇔ ; Longrightarrow ⟹ ; Longleftarrow ⟸ ; Longleftrightarrow ⟺ ; implies ⟹ ; impliedby ⟸ ; iff ⟺ ;
    mapsto ↦ ; longmapsto ⟼ ; hookrightarrow ↪ ; hookleftarrow ↩ ; uparrow ↑ ; downarrow ↓ ; updownarrow ↕ ;
    Uparrow ⇑ ; Downarrow ⇓ ; Updownarrow ⇕ ; nearrow ↗ ; searrow ↘ ; swarrow ↙ ; nwarrow ↖ ; rightharpoonup ⇀ ;
    rightharpoondown ⇁ ; leftharpoonup ↼ ; leftharpoondown ↽ ; rightleftharpoons ⇌ ; leftrightharpoons ⇋ ;
    rightleftarrows ⇄ ; leftrightarrows ⇆ ; rightrightarrows ⇉ ; leftleftarrows ⇇ ; upuparrows ⇈ ;
    downdownarrows ⇊ ; twoheadrightarrow ↠ ; twoheadleftarrow ↞ ; rightarrowtail ↣ ; leftarrowtail ↢ ;
    rightsquigarrow ⇝ ; leadsto ⇝ ; leftrightsquigarrow ↭ ; curvearrowright ↷ ; curvearrowleft ↶ ;
    circlearrowleft ↺ ; circlearrowright ↻ ; nrightarrow ↛ ; nleftarrow ↚ ; nRightarrow ⇏ ; nLeftarrow ⇍ ;
    nleftrightarrow ↮ ; nLeftrightarrow ⇎ ; upharpoonright ↾ ; upharpoonleft ↿ ; restriction ↾ ; Rrightarrow ⇛ ;
    Lleftarrow ⇚ ; dashrightarrow ⇢ ; dashleftarrow ⇠ ; rarr → ; larr ← ; rArr ⇒ ; lArr ⇐ ; hArr ⇔ ; harr ↔ ;
    looparrowright ↬
    """#

  /// Operators between two terms: command and sign.
  static let binaries = #"""
    pm ± ; mp ∓ ; plusmn ± ; times × ; div ÷ ; cdot · ; centerdot · ; cdotp · ; ast * ; star ⋆ ; circ ∘ ; bullet • ;
    cap ∩ ; cup ∪ ; Cap ⋒ ; Cup ⋓ ; uplus ⊎ ; sqcap ⊓ ; sqcup ⊔ ; vee ∨ ; lor ∨ ; wedge ∧ ; land ∧ ; barwedge ⊼ ;
    veebar ⊻ ; setminus ∖ ; smallsetminus ∖ ; amalg ⨿ ; dagger † ; ddagger ‡ ; dag † ; ddag ‡ ; oplus ⊕ ; ominus ⊖ ; otimes ⊗ ;
    oslash ⊘ ; odot ⊙ ; circledast ⊛ ; circledcirc ⊚ ; circleddash ⊝ ; boxplus ⊞ ; boxminus ⊟ ; boxtimes ⊠ ;
    boxdot ⊡ ; diamond ⋄ ; bigtriangleup △ ; bigtriangledown ▽ ; triangleleft ◁ ; triangleright ▷ ; ltimes ⋉ ;
    rtimes ⋊ ; leftthreetimes ⋋ ; rightthreetimes ⋌ ; dotplus ∔ ; divideontimes ⋇ ; intercal ⊺ ; curlyvee ⋎ ;
    curlywedge ⋏ ; plus + ; minus − ; And ∧ ; bigcirc ◯
    """#

  /// Signs that stand like a letter: command and sign.
  static let ordinaries = #"""
    infty ∞ ; infin ∞ ; emptyset ∅ ; varnothing ∅ ; empty ∅ ; triangle △ ; vartriangle △ ; blacktriangle ▲ ;
    triangledown ▽ ; blacktriangledown ▼ ; square □ ; Box □ ; blacksquare ■ ; qed □ ; lozenge ◊ ; blacklozenge ⧫ ;
    Diamond ◇ ; diamondsuit ♢ ; heartsuit ♡ ; spadesuit ♠ ; clubsuit ♣ ; bigstar ★ ; flat ♭ ; natural ♮ ; sharp ♯ ;
    checkmark ✓ ; top ⊤ ; bot ⊥ ; hbar ℏ ; hslash ℏ ; ell ℓ ; wp ℘ ; Re ℜ ; Im ℑ ; aleph ℵ ; beth ℶ ; gimel ℷ ;
    daleth ℸ ; imath ı ; jmath ȷ ; eth ð ; mho ℧ ; Finv Ⅎ ; Game ⅁ ; complement ∁ ; prime ′ ; backprime ‵ ;
    ldots … ; dots … ; dotsc … ; dotso … ; textellipsis … ; mathellipsis … ; cdots ⋯ ; dotsb ⋯ ; dotsm ⋯ ; dotsi ⋯ ;
    hdots … ; vdots ⋮ ; ddots ⋱ ; iddots ⋰ ; adots ⋰ ; backslash \ ; yen ¥ ; euro € ; cent ¢ ; cents ¢ ; textcent ¢ ; textyen ¥ ; Circle ○ ; copyright © ;
    circledR ® ; circledS Ⓢ ; S § ; P ¶ ; maltese ✠ ; degree ° ; textdegree ° ; lq ‘ ; rq ’ ; surd √ ;
    measuredangle ∡ ; sphericalangle ∢ ; nexists ∄ ; Exists ∃ ; textbackslash \ ; textasciicircum ^ ; lbrack [ ;
    rbrack ] ; aa å ; AA Å ; o ø ; O Ø ; ss ß ; ae æ ; AE Æ ; oe œ ; l ł ; i ı ; j ȷ ; textquotesingle ' ;
    textendash – ; textemdash — ; textbar | ; QED □ ; minuso ⊖ ; diagup ╱ ; diagdown ╲ ; perthousand ‰ ;
    textperthousand ‰ ; texteuro € ; ohm Ω ; micro µ ; celsius ℃ ; smiley ☺ ; textvisiblespace ␣ ;
    bigcirc ◯
    """#

  /// Signs that belong to what follows: command and sign.
  static let prefixes = #"""
    partial ∂ ; nabla ∇ ; angle ∠ ; forall ∀ ; exists ∃ ; neg ¬ ; lnot ¬ ;
    pounds £ ; textdollar $ ; textsterling £
    """#

  /// Operators with limits above and below in a display: command and sign.
  static let bigOperators = #"""
    sum ∑ ; prod ∏ ; coprod ∐ ; bigcup ⋃ ; bigcap ⋂ ; bigsqcup ⨆ ; bigvee ⋁ ; bigwedge ⋀ ; bigoplus ⨁ ;
    bigotimes ⨂ ; bigodot ⨀ ; biguplus ⨄
    """#

  /// Integrals: limits beside the sign: command and sign.
  static let integrals = #"""
    int ∫ ; intop ∫ ; smallint ∫ ; iint ∬ ; iiint ∭ ; iiiint ⨌ ; oint ∮ ; oiint ∯ ; oiiint ∰ ; idotsint ∫⋯∫
    """#

  /// Greek letters: command and sign.
  static let greek = #"""
    alpha α ; beta β ; gamma γ ; delta δ ; epsilon ϵ ; varepsilon ε ; zeta ζ ; eta η ; theta θ ; vartheta ϑ ;
    iota ι ; kappa κ ; varkappa ϰ ; lambda λ ; mu μ ; nu ν ; xi ξ ; omicron ο ; pi π ; varpi ϖ ; rho ρ ; varrho ϱ ;
    sigma σ ; varsigma ς ; tau τ ; upsilon υ ; phi ϕ ; varphi φ ; chi χ ; psi ψ ; omega ω ; digamma ϝ ; Alpha Α ;
    Beta Β ; Gamma Γ ; Delta Δ ; Epsilon Ε ; Zeta Ζ ; Eta Η ; Theta Θ ; Iota Ι ; Kappa Κ ; Lambda Λ ; Mu Μ ; Nu Ν ;
    Xi Ξ ; Omicron Ο ; Pi Π ; Rho Ρ ; Sigma Σ ; Tau Τ ; Upsilon Υ ; Phi Φ ; Chi Χ ; Psi Ψ ; Omega Ω ; varGamma Γ ;
    varDelta Δ ; varTheta Θ ; varLambda Λ ; varXi Ξ ; varPi Π ; varSigma Σ ; varUpsilon Υ ; varPhi Φ ; varPsi Ψ ;
    varOmega Ω ; thetasym ϑ
    """#
}
