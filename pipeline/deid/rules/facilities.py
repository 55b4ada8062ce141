"""Hospitals, clinics and other organisations by the words in their names."""

from __future__ import annotations

import re

from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.deid.rules.rule import Rule, leads_of, text_after, text_before, words

_NOT_FIRST = words(
    "Dr Drs Mr Mrs Ms Rev Pastor See Seen At From To In The On With Home Attending Surgeon Lawyer"
    " Atty Wife Pharmacy Employer Insurer Carrier Referred Coverage Church Clinic"
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
    " Beef Seafood Fisheries"
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
    " Medtronic_rep Apria Lincare McDonald['’]s Starbucks Home_Depot Lowe['’]s Best_Buy"
    " Dollar_General Dollar_Tree Instacart USPS Homeland_Security DCYF DCFS"
)


_KNOWN = (
    "Johns_Hopkins Cedars[-_]Sinai Mayo_Clinic Cleveland_Clinic MD_Anderson"
    " (?:Memorial_)?Sloan[-_]Kettering Mass_General Brigham_and_Women['’]s NYU_Langone Mount_Sinai"
    " (?:New_York|NewYork)[-_]Presbyterian UCLA UCSF UPMC Baylor_Scott_&_White"
)


def _named(match: re.Match[str]) -> bool:
    """Accept a facility whose name has a word of its own: not the Pain Clinic."""
    lead = match["lead"]
    own = [
        w
        for w in re.findall(r"[\w'’-]+", lead.lower())
        if w not in load_lexicon().facility_words and len(w) > 1
    ]
    if not own:
        return False
    first = lead.split()[0].lower().rstrip(".")
    return not (first in ("dr", "mr", "mrs", "ms", "see", "the") and len(lead.split()) == 1)


def _brand(match: re.Match[str]) -> bool:
    after = match.string[match.end() : match.end() + 10]
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
        r"(?<![\w'’-])(?P<HOSPITAL>(?P<lead>(?!(?:AT|FROM|IN|TO|THE|IS|WAS|ON|BY|WITH|PER"
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
                r"(?:St\.|Saint|ST\.) (?:Jude (?:Medical|valve|lead)|John['’]?s [Ww]ort|Vitus"
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
        rf"(?<![\w'’-])(?P<ORGANIZATION>(?P<lead>{_LEAD}),? (?:{_ORGANIZATION})(?![a-z]))(?![\w])",
        0.8,
        check=_named,
    ),
    Rule(
        "Johns Hopkins, Mayo Clinic, UCSF",
        rf"(?<![\w-])(?P<HOSPITAL>{words(_KNOWN)})(?!\w|-)",
        0.85,
        leads=f"{leads_of(_KNOWN)} mem slo new",
        check=lambda m: re.match(r" (?:score|stand|type)", text_after(m, "HOSPITAL", 8)) is None,
    ),
    Rule(
        "Walgreens, Humana, Red Cross",
        rf"(?<![\w-])(?P<ORGANIZATION>{words(_BRANDS)})(?!\w)",
        0.85,
        check=_brand,
        leads=leads_of(_BRANDS),
    ),
)
