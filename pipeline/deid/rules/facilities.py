"""Hospitals, clinics and other organisations by the words in their names."""

from __future__ import annotations

import re

from pipeline.deid.rules.bodies import end_of_body, is_instrument
from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.deid.rules.rule import Rule, leads_of, text_before, words

_NOT_FIRST = words(
    "Dr Drs Mr Mrs Ms Rev Pastor See Seen At From To In The On With Home Attending Surgeon Lawyer"
    " Atty Wife Pharmacy Employer Insurer Carrier Referred Coverage Church Clinic Applied Transfer"
    " Upon Case Urine Illicit For Onset Is Are Was Were Do Does Did Can Could Should Would What"
    " Which How When Where Why Who Any Explain Summari[sz]e Compare Describe Outline"
)
_WORD = rf"(?!{_NOT_FIRST}\b)[A-Z][\w'’-]{{0,17}}(?:(?<=\b[A-Z])\.|(?<=\b[A-Z][a-z])\.)?"
_JOIN = r"(?:&|and|of|the|de|for|\+)"
_LEAD = rf"(?:(?:St|Mt|Ft|ST|MT)\. )?{_WORD}(?: (?:{_JOIN} ){{0,2}}{_WORD}){{0,4}}?"
_HOSPITAL = words(
    "Hospitals? Hosp\\.? Medical_Cent(?:er|re) Med(?:ical)?_Ctr\\.? Med\\.?_Center Clinics?"
    " Infirmary Hospice Health_(?:System|Center|Services|Campus|Partners|Network|Clinic) Healthcare"
    " Health_Care Rehab(?:ilitation)?(?:_(?:Center|Hospital|Ctr|Unit))? Nursing_(?:Home|Center)"
    " Care_(?:Center|Home|Partners) Convalescent Manor Surgery_(?:Center|Ctr) Surgicenter"
    " Surgical_Hospital Cancer_(?:Center|Institute|Pavilion) Heart_(?:Institute|Center|Hospital)"
    " Institute Pavilion Pediatrics Peds Orthop(?:a)?edics? Ortho Cardiology Cardiovascular"
    " Nephrology Oncology Rheumatology Neurology Dermatology Endocrin(?:e|ology) Gastroenterology"
    " Urology Dental Dentistry Imaging Radiology Pathology Memorial Regional General Children['’]s"
    " Women['’]s Family_(?:Medicine|Practice|Health(?:care)?|Clinic|Physicians) Internal_Medicine"
    " Primary_Care Urgent_Care Medical_(?:Group|Associates|Arts|Clinic|Park|Plaza) Associates VNA"
    " Visiting_Nurses? Home_(?:Health|Care) Dialysis Kidney(?:_Cent(?:er|re)|_Ctr)?"
    " Behavioral_(?:Health|Unit|Hospital) Counseling(?:_Center)? Mental_Health(?:_Center)?"
    " Psychiatric(?:_(?:Center|Hospital))? Treatment_Center Recovery(?:_Center)? CBOC VA"
    " VA_(?:Clinic|Medical_Center|Hospital) VAMC Birth(?:ing)?_(?:Center|Pavilion) Critical_Access"
    " Assisted_Living Senior_Living Skilled_Nursing SNF Burn_Center Trauma_Center"
    " Transplant_(?:Center|Institute|Clinic) Reference_Lab(?:s|oratory)? Lab(?:s|oratories)"
    " Sleep_(?:Center|Lab) Eye_(?:Center|Clinic|Surgery_Center|Associates) Specialists Physicians"
    " Wellness(?:_Center)? Occupational_(?:Health|Medicine) Midwifery Retina Spine Lodge"
    " Student_Health Veterans_Home Lutheran_Home Retirement Towers? Terrace House_Clinic Center"
    " Vascular Vasc Bone_&_Joint Women_&_Infants Heart_&_Vasc Hearing_&_Balance Skin_&_Mohs"
    " Sleep_&_Breathing Pain_&_Spine Macula Hyperbarics Chiropractic Respite Annex"
    " Ctr\\.? Centre Clin Health House Program"
)
_ORGANIZATION = words(
    "High_School Elementary(?:_School)? Middle(?:_School)? Grade_School Charter(?:_School)? Academy"
    " University College School_District CISD ISD Preschool Montessori Church Chapel Temple Mosque"
    " Synagogue Congregation Cathedral Parish_Hall AME A\\.M\\.E\\. UMC Lutheran Reformed Baptist"
    " Methodist Presbyterian Insurance Assurance Mutual Health_Plans? Health_(?:Trust|Fund|Net)"
    " Life_(?:Insurance|Ins\\.?) Advantage Inc\\.? LLC LLP Corp\\.? Corporation Company Pharmacy"
    " Drugs? Drug_Store Bank Credit_Union Union Local_\\d+ Funeral_(?:Home|Parlor|Service) Mortuary"
    " EMS Ambulance Fire(?:_(?:Dept|Department|Rescue|District))? Police(?:_(?:Dept|Department))?"
    " PD Sheriff['’]?s? Foundation Fund Trust Restaurant Bakery Grill Diner Cafe Farms? Foods?"
    " Logistics Freight Trucking Transit Motors Construction Roofing Industries Manufacturing Mfg"
    " Steel Mills? Supply Enterprises Laundry Dairy Market Produce Grocery Hardware Orchards?"
    " Vineyards? Casino Airlines Airways Nation Tribe Bros\\.? &_Sons Teamsters Cooperative Co-?op"
    " Shelter Mission Daycare Preschool Legal_Aid Public_Health DME Prosthetics Orthotics Oxygen"
    " Home_Infusion Infusion Specialty_Pharmacy Air_(?:Care|Rescue|Ambulance) Theater Theatre"
    " Museum Library Newspaper Radio Studios? Press Brewery Brewing Society Club League Guild"
    " Association Alliance Ministries Seminary Institute_of_Technology Packing Plastics Paper"
    " Lumber Mining Mine Coal Energy Electric Power Plumbing Landscaping Nursery Packers? Poultry"
    " Beef Seafoods? Fisheries Salon Barbershop Dealership Shipyard Foundry Towing Hauling Wrecker"
    " Growers Furniture Fabricators Apparel Charities Outreach Rotary Cycles Orchestra Collective"
    " Schools Junior_High Day_School Correctional_Institution Fulfillment Resort Ski_Area"
    " Trading_Post Outfitters Boatworks Ranches Aerospace Asphalt Lounge Grocer Paratransit"
    " Fire_&_Rescue SAR 4-H Tavern Pizzeria Bistro Marina Genomics Diagnostics Home_Medical"
    " Coalition"
)
_BRANDS = (
    "Walgreens CVS Rite_Aid Walmart Wal-?Mart Kroger Costco Publix Safeway H-E-B Meijer Sysco"
    " Amazon FedEx UPS Uber Lyft DoorDash Humana Aetna Cigna Kaiser(?:_Permanente)?"
    " Anthem(?:_B(?:lue_Cross|CBS))? Blue_?Cross(?:_?/?_?Blue_?Shield)? BCBS UnitedHealthcare"
    " United_Healthcare UHC Tricare TRICARE Medi-Cal Molina WellCare Wellcare Centene Ambetter"
    " Oscar_Health Harvard_Pilgrim Tufts_Health Horizon_BCBS Highmark Geisinger Optum OptumRx"
    " Express_Scripts Caremark CoverMyMeds Sedgwick Travelers_Insurance Geico GEICO State_Farm"
    " Allstate Amedisys LifeNet Red_Cross Salvation_Army Peace_Corps"
    " U\\.?S\\.?_(?:Army|Navy|Air_Force|Marine_Corps|Coast_Guard|Postal_Service) Army Navy USMC"
    " USAF USN Marine_Corps National_Guard Army_Guard Coast_Guard Air_Force VFW American_Legion"
    " Boeing Chobani Stellantis Premera Health_Net Securian GeoBlue Coram Option_Care Byram"
    " Edgepark"
    " Thrifty_White Haggen Safeco HMSA TennCare(?:_Select)? MetroPlus LA_Care Union_Pacific"
    " Norfolk_(?:Southern|&_Western) Catholic_Charities Meals_on_Wheels FEMA FBI UMWA UAW"
    " IBEW(?:_\\d+)? rite_aid walgreens walmart cigna aetna humana bcbs costco kroger doordash"
    " Medtronic_rep Apria Lincare McDonald['’]s Starbucks Home_Depot Lowe['’]s Best_Buy"
    " Dollar_General Dollar_Tree Instacart USPS Homeland_Security DCYF DCFS"
)


_KNOWN = (
    "Johns_Hopkins Cedars[-_]Sinai Mayo_Clinic Cleveland_Clinic MD_Anderson"
    " (?:Memorial_)?Sloan[-_]Kettering Mass_General Brigham_and_Women['’]s NYU_Langone Mount_Sinai"
    " Inova Renown PeaceHealth Maimonides RadNet Good_Samaritan Good_Shepherd Good_Sam"
    " (?:New_York|NewYork)[-_]Presbyterian UCLA UCSF UPMC Baylor_Scott_&_White"
)


_LONGEST_BODY = 80


_SCALE = re.compile(
    r" (?:criteria|classification|score|model|staging|Study)\b"
    r"|['’]s (?:[a-z-]+ ){1,3}(?:criteria|classification|score|staging|inventory)\b",
    re.IGNORECASE,
)
"""What makes a clinic the name of a scale: Mayo Clinic criteria."""


def _named(match: re.Match[str]) -> bool:
    """Accept a facility whose name has a word of its own: not the Pain Clinic."""
    lead = match["lead"]
    own = [
        w
        for w in re.findall(r"[\w'’-]+", lead.lower())
        if w not in load_lexicon().facility_words and len(w) > 1
    ]
    around = match.string, match.start(), match.end() + _LONGEST_BODY
    if not own or end_of_body(*around) >= match.end() or _SCALE.match(match.string, match.end()):
        return False
    first = lead.split()[0].lower().rstrip(".")
    return not (first in ("dr", "mr", "mrs", "ms", "see", "the") and len(lead.split()) == 1)


def _brand(match: re.Match[str]) -> bool:
    after = match.string[match.end() : match.end() + 10]
    if match[0] == "CVS" and re.match(r":|\s(?:S1|exam|event)|, S1| -", after):
        return False
    return re.match(r"[- ]?Navy|-|\s?retractor", after) is None


RULES = (
    Rule(
        "Cedar Hill Medical Center, Mercy Hospital of the Plains, Alder Joint Replacement Center",
        rf"(?<![\w'’-])(?P<HOSPITAL>(?P<lead>{_LEAD}) {_HOSPITAL}(?![a-z])(?:(?: &"
        rf"| and)? {_HOSPITAL}(?![a-z])){{0,3}}(?: (?:of|at|for) (?:the )?{_WORD}(?: {_WORD})?)?)"
        rf"(?![\w])",
        0.85,
        check=_named,
    ),
    Rule(
        "CEDAR HILL MEDICAL CENTER",
        r"(?<![\w'’-])(?P<HOSPITAL>(?P<lead>(?!(?:AT|FROM|IN|TO|THE|IS|WAS|ON|BY|WITH|PER|TRANSFER"
        r"|REFER|RETURN"
        r"|VIA)\b)[A-Z][A-Z'’.&-]{1,17}(?: (?:&|OF|THE|AND|(?!(?:AT|FROM|IN|TO|IS|WAS|ON|BY|WITH"
        r"|PER|VIA)\b)[A-Z][A-Z'’.-]{1,17})){0,5}?) (?:HOSPITAL|HOSP|MEDICAL CENTER|MED CTR|CLINIC"
        r"|HOSPICE|INFIRMARY|HEALTH (?:CENTER|SYSTEM)|HEART CENTER|REHAB|CARE CENTER|SURGERY CENTER"
        r"|OCCUPATIONAL (?:MEDICINE|HEALTH CENTER)|PEDIATRICS|ASSOCIATES|NURSING HOME|MANOR"
        r"|VISITING NURSES|FAMILY DENTISTRY|IMAGING|CENTER|REGIONAL|ASSOC|RADIOLOGY|RECOVERY"
        r"|HOME CARE)(?:(?: &| AND)? (?:HOSPITAL|HOSP|CENTER|CLINIC|REHABILITATION|RADIOLOGY"
        r"|ASSOCIATES|INC\.?|PLLC))?(?: OF (?:THE )?[A-Z]{3,}(?: [A-Z]{3,})?)?)(?![\w])",
        0.85,
        check=_named,
    ),
    Rule(
        "St. Odile's, Saint Odile",
        r"(?<![\w.])(?P<HOSPITAL>(?:St\.|Saint|ST\.|St(?= [A-Z][a-z]+['’]s)) [A-Z][\w'’-]{2,14}"
        r"(?: [A-Z][\w'’-]{2,14}(?= (?:Hospital|Medical|Clinic|Health)))?)(?!\w)",
        0.75,
        cues=("st.", "saint", "st "),
        check=lambda m: (
            re.match(
                r"(?:St\.|Saint|ST\.) (?:Louis enceph|Jude (?:Medical|valve|lead|medal|mech|aortic"
                r"|mitral|bileaf|pacem|ICD|device| )|Bernard"
                r"(?:s|,|\.| dog"
                r"| puppy| on)|John['’]?s [Ww]ort|Vitus"
                r"|Anthony['’]s fire)",
                m.string[m.start() : m.end() + 10],
            )
            is None
            and re.search(r"\d (?:[A-Z]\w+ )?$", text_before(m, "HOSPITAL", 16)) is None
        ),
        leads="st sai",
    ),
    Rule(
        "Larkfield Middle School, Quarry Hill Baptist Church, Alder Mutual, Teamsters Local 20",
        rf"(?<![\w'’-])(?P<ORGANIZATION>(?P<lead>{_LEAD}),? (?:{_ORGANIZATION})(?![a-z]| (?:Co-?op"
        rf"|Health Plan|Inc|LLC"
        rf"|School|Church|Insurance)\b))(?![\w])",
        0.8,
        check=_named,
    ),
    Rule(
        "Johns Hopkins, Mayo Clinic, UCSF",
        rf"(?<![\w-])(?P<HOSPITAL>{words(_KNOWN)})(?!\w|-)",
        0.85,
        leads=f"{leads_of(_KNOWN)} mem slo new",
        check=lambda m: not is_instrument(m.string, *m.span()),
    ),
    Rule(
        "5 West, 7 Tower West, 6 North Tele",
        r"(?<![\w.,/-])(?P<HOSPITAL>\d{1,2} (?:Tower )?(?:North|South|East|West)(?: Tele)?)"
        r"(?=[.,;:)\n]|$| (?:rm|room|bed|RN|nurse|charge|unit|to|from|family)\b)",
        0.75,
        leads="0",
        check=lambda m: (
            re.search(r"(?i)(?:mile|miles|exit|block|lat|long)\s", text_before(m, "HOSPITAL", 12))
            is None
        ),
    ),
    Rule(
        "Tansy Ridge HS, Quarry Western RR",
        r"(?<![\w'’-])(?P<ORGANIZATION>(?:[A-Z][a-z'’]{2,14}(?:-[A-Z][a-z]{2,14})? ){1,3}(?:HS|RR))"
        r"(?![\w^-]|[ :]? ?\d)",
        0.75,
        cues=("hs", "rr"),
    ),
    Rule(
        "Our Lady of Mercy, Iglesia San Blas, Blue Shield of Ohio, Local 41, 101st Airborne",
        rf"(?<![\w'’-])(?P<ORGANIZATION>Our Lady (?:Queen )?of (?:the )?{_WORD}(?: {_WORD})?|"
        rf"(?:Iglesia|Escuela|Gurdwara|Masjid|Templo|Congregation|Sisters of|Knights of|Paws for)"
        rf"(?: {_WORD}){{1,3}}|"
        r"Blue (?:Shield|Cross) of [A-Z][a-z]+(?: [A-Z][a-z]+)?|Local \d{1,4}|\d{1,3}(?:st|nd|rd"
        r"|th) "
        r"(?:Airborne|Infantry|Cav(?:alry)?|Marines|Armored)(?: Div(?:ision)?)?|(?:Boilermakers"
        r"|Teamsters|Steelworkers) \d{1,4})(?![\w%-]|[./]\d)",
        0.85,
        leads="our igl esc gur mas tem con sis kni paw blu loc boi tea ste 0",
    ),
    Rule(
        "Walgreens, Humana, Red Cross",
        rf"(?<![\w-])(?P<ORGANIZATION>{words(_BRANDS)})(?!\w)",
        0.85,
        check=_brand,
        leads=leads_of(_BRANDS),
    ),
)
