"""The words and marks that stand before, after or within a person's name."""

from __future__ import annotations

import re

from pipeline.deid.rules.rule import words

_DOCTOR_TITLE = words(
    "drs? doctor prof(?:essor)? dra nurse rn lpn lvn cna np pa pa-c crna sw lcsw lmsw msw slp ot pt"
    " rt cm ma rd pharmd rph tech chaplain aide medic emt emt-p paramedic midwife cnm doula"
    " therapist counselor pcp attending resident intern fellow surgeon hospitalist anesthesiologist"
    " anes radiologist pathologist cardiologist neurologist nephrologist oncologist psychiatrist"
    " psychologist pediatrician dietitian dietician pharmacist case_manager social_worker"
    " charge_nurse charge scribe interp(?:reter)? pct pca hha phleb attg att hospice_rn charge_rn"
    " nurse_practitioner ortho_pa pmd pmhnp huc cosign flt_rn md asst assistant"
)
_PERSON_TITLE = words(
    "mr mrs ms miss mx mme sister brother bro fr father rev reverend pastor rabbi imam deacon sr"
    " officer ofc deputy dep det detective sgt sergeant lt capt captain cpl trooper trp agent judge"
    " atty attorney hon coach principal aunt auntie uncle tia tio grandma grandpa nana papa"
    " nurse_mgr lawyer landlord landlady neighbor roommate caseworker teacher se[nñ]or(?:a|ita)?"
    " don do[nñ]a tpr alj(?:_hon\\.)? bishop elder coroner investigator mister miz sgto tante titi"
    " cmdr maj pvt"
    " 1sg ssg warden ranger senator msgr monsignor cantor giani hastiin alderman usher"
)
_KIN = words(
    "wife husband husb hubby spouse partner mother father mom mum dad parents? stepmother"
    " stepfather stepmom stepdad son sons daughters? dtr dtrs dau dghtr granddtr granddau grandson"
    " granddaughter grandmother grandfather gma gpa gm mgm pgm brothers? bro sisters? sis sib"
    " sibling twin twins aunt uncle cousin niece nephew fianc[eé]e? roommate neighbor friend"
    " girlfriend boyfriend bf gf ex-wife ex-husband ex stepson stepdaughter half-brother"
    " half-sister mother-in-law father-in-law sister-in-law brother-in-law mil daughter-in-law"
    " son-in-law dil sil godmother godson goddaughter foster_(?:mother|father|mom|dad) guardian poa"
    " hcp nok baby infant great-grandson great-granddaughter great-niece great-nephew caregiver"
    " contact child(?!_pugh) kids children mamaw papaw coworker co-worker fob d-i-l comadre"
    " compadre eldest"
    " in-law in_law pal caller great-grands grands grandparents grandkids ssg pfc co-parent"
)
_PATIENT_CUE = words(
    "patient(?:['’]s)?(?:_name)? pt(?:_name)? pat(?:ient)?_label name nam_e resident(?:_name)?"
    " client child infant baby camper veteran decedent applicant subject employee worker claimant"
    " member insured subscriber guarantor guar mother father last(?:_name)? first(?:_name)?"
    " emergency_contact emerg_contact contact nok next_of_kin re regarding dear aka a\\.k\\.a\\.?"
    " goes_by preferred(?:_name)? legal driver named spouse from to decedent:? donor recipient"
    " proband twin_[ab] spoke_w(?:ith|/)? called"
)
_DOCTOR_CUE = words(
    "electronically_signed(?:_by)? e-?signed(?:_by)? signed(?:_by|_elect(?:ronically)?)?"
    " sign(?:ature)? sig dictated(?:_by)? dict(?:_by)? authenticated_by cosigned(?:_by)?"
    " co-?sign(?:er|ed)? verified_by reviewed_by prepared_by completed_by reported_by read_by"
    " interpreted_by ordered_by ordering referred_by"
    " ref(?:erring)?(?:_(?:md|dr|physician|provider))? seen_by examined_by performed_by"
    " transcribed_by evaluated_by prescribed_by attending(?:_(?:md|physician))?"
    " admitting(?:_(?:md|physician))? physician provider prescriber surgeon assistant asst"
    " first_asst anesthesia anes anesthesiologist perfusion scrub circulator cc copy copies pcp"
    " operator fellow resident intern author clinician therapist examiner evaluator interviewer"
    " counselor consultant primary d/w discussed_with staffed_with reviewed_with per recorder rn"
    " lpn tech scribe team handoff_to report_(?:called_)?to report_from accepting receiving sending"
    " off on off_going oncoming relief witness(?:_by)? wit"
    " (?:admit|ord|ref|attending|primary|sending|receiving)_md peds pathologist scrub circ"
    " scrub/circ crew.{0,8} op"
)
CREDENTIAL = re.compile(
    r"(?<![\w'’])(?P<cred>(?:M\.? ?D|D\.O|Ph\.?D|Psy\.D|D\.D\.S|D\.M\.D|D\.P\.M|O\.D|R\.N|P\.A"
    r"|D\.C)\.?|"
    + words(
        "DO RN LPN LVN CNA NP PA(?:-C)? CRNA CNM APRN ARNP FNP(?:-BC|-C)? NNP(?:-BC)? PNP AGNP DNP"
        " MSN BSN RNC LCSW LMSW LICSW LSW MSW BSW LPC LMHC LMFT LADC CADC PharmD RPh RD RDN DDS DMD"
        " DPM OD DPT PT PTA OTR(?:/L)? OT COTA SLP MS,?_CCC(?:-SLP)? CCC-SLP RRT CRT RDH EMT(?:-P)?"
        " NRP MICT RVT RDCS RDMS AuD MBBS MA CMA PCT PSYD SW PMHNP RPSGT CST LAC FACS FACP CHT HHA"
        " CCHT IBCLC ATC MPH Esq SN CNS LMT CDCES CDRMS MLS MT CPNP CPM COT LISW(?:-S)? HUC MS[34]"
        " CGC LCGC CHPN CCM BCPS CDE LPCC LCPC MFT BCBA CCLS OTD"
        " PGY-?\\d? pgy-?\\d aprn cwocn rn md np pa lpn cna pa-c lcsw crna msw"
    )
    + r")(?![\w'’])(?!/[A-Z]|-[DP]\b)"
)
LEADING = re.compile(
    rf"(?<![\w'’])(?:(?P<doctor>(?i:{_DOCTOR_TITLE}))|(?P<person>(?i:{_PERSON_TITLE})))"
    r"(?P<mark>\.?:? ?(?:\(|[\"“])?)(?<=[\s.:(\"“])(?=[^\W\d_])"
)
KIN_CUE = re.compile(
    rf"(?<![\w'’])(?P<kin>(?i:{_KIN}))(?P<mark>(?:'s name)?(?:,| is| was|:|=| \(| -|/"
    rf"| named)? ?[\"“]?)(?<=[\s:(=\"“/-])(?=[^\W\d_])"
)
LINE_CUE = re.compile(
    rf"(?<![\w'’])(?:(?P<patient>(?i:{_PATIENT_CUE}))|(?P<doctor>(?i:{_DOCTOR_CUE})))"
    r"(?P<mark> ?(?::|=|#|\.{2,}:?|(?: \.)+|_+| -|\|| {2,}|(?<=[a-z]) )[ .:_|]{0,24}[\"“]?)"
    r"(?=[^\W\d_])"
)
LOOSE_CUE = re.compile(
    r"(?<![\w'’])(?:(?i:with|by|per|via|ask|asked|told|paged|notified|attn|fellow|cc|says|d/w"
    r"|seen w"
    r"|plastics|vasc|ortho|urology|cards|cardiology|neuro|neurology|neurosurgery|nsgy|renal|nephro"
    r"|neph|gi|gyn|ob|peds"
    r"|pall|onc|heme|ent|id|ir|rads|derm|psych|podiatry|pulm|endo|rheum|optom|ophtho|surgery|surg"
    r"|scribe|covering|attg"
    r"|investigator|coroner|vendor|rep|advocate|navigator|coordinator|admissions|intake|bishop"
    r"|elder|granthi|supervisor|manager|mgr|foreman"
    r"|boss|sitter|babysitter|classmate|bestie|girlfriend|widow|widower)[:,]? |(?i:d/w|seen w|c"
    r"|w)/ ?)(?=[^\W\d_a-z])"
)
LOWER_CREDENTIAL = re.compile(
    r"(?<![\w'’./-])(?P<whole>(?:(?P<first>[a-z])\.? ?(?=[a-z]{3}))?(?P<name>[a-z][a-z'’-]{2,14})"
    r"(?P<last> [a-z]\.?)?),? (?:rn|md|np|lpn|lvn|cna|crna|msw|lcsw|lsw|pa-c|cwocn|dpt|cnm|rph)"
    r"(?![\w'’/-]|\.\w)"
)
SPELLED = re.compile(
    r"(?P<cue>(?i:that['’]?s|spelled|spelt|spelling|spell)[: ]{1,2})?"
    r"(?<![\w-])(?P<letters>[A-Z](?:-[A-Z]){3,14}|[A-Z](?: [A-Z]){3,14})(?![\w-])"
)
INITIAL = re.compile(
    r"(?<![\w.'’/])(?:[^\W\d_a-z]\.[ ]?){1,2}(?P<last>(?:(?:de|van|der|la|St\.|Mc|El"
    r"|Al) ?){0,2}[^\W\d_a-z][^\W\d_A-Z][\w'’]{1,14}(?:-[^\W\d_a-z]\w{1,14})?)(?!\w)"
)
SPECIES = frozenset(
    [
        "coli",
        "difficile",
        "auris",
        "glabrata",
        "maltophilia",
        "baumannii",
        "anthracis",
        "pneumophila",
        "monocytogenes",
        "fowleri",
        "diff",
        "aureus",
        "pylori",
        "pertussis",
        "pallidum",
        "vivax",
        "falciparum",
        "pneumoniae",
        "influenzae",
        "albicans",
        "faecalis",
        "jejuni",
        "trachomatis",
        "gonorrhoeae",
        "neoformans",
        "fumigatus",
        "burgdorferi",
        "viridans",
        "pyogenes",
        "epidermidis",
        "marcescens",
        "cloacae",
        "faecium",
        "agalactiae",
        "hominis",
        "dublin",
        "newport",
        "heidelberg",
        "typhi",
        "enteritidis",
        "typhimurium",
    ]
)
LAST_FIRST = re.compile(
    r"(?<![\w'’,-])(?P<last>[^\W\d_a-zß-öø-ÿ][\w'’-]{1,20}(?: (?:JR|Jr|SR|Sr|II|III|IV)\.?)?), ?"
    r"(?=[^\W\d_a-zß-öø-ÿ][^\W\d_]+)"
)
FULL = re.compile(
    r"(?<![\w'’.-])(?P<first>[^\W\d_a-zß-öø-ÿ][^\W\d_A-ZÀ-Þ]{2,14}) (?="
    r"(?:[^\W\d_a-zß-öø-ÿ]\.? )?[^\W\d_a-zß-öø-ÿ][^\W\d_]|(?P<initial>[^\W\d_a-zß-öø-ÿ]\.)(?!\w))"
)
SIGNED = re.compile(
    r"(?m)(?:^[ \t]*-{0,2}[ ]?|(?i:\b(?:dict(?:ated)?|signed|sign|prov|init(?:ials)?|amend|witness"
    r"|bench|screened|marked(?: by)?|checked by|read by|cosign|agree[sd]?))(?:[.:]{1,2} ?"
    r"| )[\"“(]?)"
    r"(?P<who>[A-Z]{2,3})(?![\w'.-])(?: ?/ ?(?P<typist>[a-z]{2,3}\b)|(?=[ \t]*(?:$|\n?\Z))|"
    r"(?=[ ,]{1,3}(?:RN|MD|DO|PA|NP|CNM|LPN)\b)|(?= ?/ ?[a-z]{2,8}\d)|(?= {2,}\d{1,2}/\d)|"
    r"(?<=[a-z:] \w\w)|(?<=[a-z:] \w\w\w))"
)
"""Initials that sign, with those of the typist."""
