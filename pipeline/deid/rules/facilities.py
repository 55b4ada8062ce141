"""Hospitals, clinics and other organisations by the words in their names."""

from __future__ import annotations

import re

from pipeline.deid.rules.rule import Rule, text_before, words

_WORD = r"[A-Z][\w'’.-]{0,17}"
_JOIN = r"(?:&|and|of|the|de|for|\+)"
_LEAD = rf"(?:(?:St|Mt|Ft|ST|MT)\. )?{_WORD}(?: (?:{_JOIN} ){{0,2}}{_WORD}){{0,4}}?"
_HOSPITAL = words(
    "Hospitals? Hosp\\.? Medical_Cent(?:er|re) Med(?:ical)?_Ctr\\.? Med\\.?_Center Clinics? Infirmary Hospice"
    " Health_(?:System|Center|Services|Campus|Partners|Network|Clinic) Healthcare Health_Care"
    " Rehab(?:ilitation)?(?:_(?:Center|Hospital|Ctr|Unit))? Nursing_(?:Home|Center) Care_(?:Center|Home|Partners)"
    " Convalescent Manor Surgery_(?:Center|Ctr) Surgicenter Surgical_Hospital Cancer_(?:Center|Institute|Pavilion)"
    " Heart_(?:Institute|Center|Hospital) Institute Pavilion Pediatrics Peds Orthop(?:a)?edics? Ortho"
    " Cardiology Cardiovascular Nephrology Oncology Rheumatology Neurology Dermatology Endocrin(?:e|ology)"
    " Gastroenterology Urology Dental Dentistry Imaging Radiology Pathology Memorial Regional General"
    " Children['’]s Women['’]s Family_(?:Medicine|Practice|Health(?:care)?|Clinic|Physicians) Internal_Medicine"
    " Primary_Care Urgent_Care Medical_(?:Group|Associates|Arts|Clinic|Park|Plaza) Associates VNA Visiting_Nurses?"
    " Home_(?:Health|Care) Dialysis Kidney(?:_Cent(?:er|re)|_Ctr)? Behavioral_(?:Health|Unit|Hospital) Counseling(?:_Center)?"
    " Mental_Health(?:_Center)? Psychiatric(?:_(?:Center|Hospital))? Treatment_Center Recovery(?:_Center)? CBOC VA"
    " VA_(?:Clinic|Medical_Center|Hospital) VAMC Birth(?:ing)?_(?:Center|Pavilion) Critical_Access Assisted_Living"
    " Senior_Living Skilled_Nursing SNF Burn_Center Trauma_Center Transplant_(?:Center|Institute|Clinic)"
    " Reference_Lab(?:s|oratory)? Lab(?:s|oratories) Sleep_(?:Center|Lab) Eye_(?:Center|Clinic|Surgery_Center|Associates)"
    " Specialists Physicians Wellness(?:_Center)? Occupational_(?:Health|Medicine) Midwifery Retina Spine Lodge"
    " Student_Health Veterans_Home Lutheran_Home Retirement Towers? Terrace House_Clinic"
)
_GENERIC = frozenset(
    "the a an of and for at in to from our your his her this that per via with by on no new old emergency outpatient"
    " inpatient pain wound cardiology cardiac coumadin anticoagulation anticoag diabetes diabetic foot hand eye ear"
    " nose throat ent orthopedic orthopaedic ortho primary family general internal medicine medical surgery surgical"
    " pediatric peds pediatrics women's womens men's children's childrens childs mental behavioral psychiatric psych"
    " oncology cancer breast renal kidney dialysis transplant liver hepatology gi gastroenterology pulmonary sleep"
    " neurology neuro neurosurgery spine stroke trauma burn wellness walk-in urgent care center clinic hospital"
    " health home nursing skilled rehab rehabilitation acute subacute physical occupational speech therapy imaging"
    " radiology nuclear lab laboratory blood bank birthing birth prenatal ob obstetric obgyn gyn perinatal high-risk"
    " risk memory geriatric hospice palliative senior assisted living day adult child youth student infusion"
    " allergy immunology asthma rheumatology endocrine endocrinology urology dermatology derm skin retina dental"
    " oral infectious disease id hiv ryan travel vascular vein heart failure chf hf device pacemaker ep lipid weight"
    " bariatric fracture sports cast voice hearing audiology swallow feeding cystic fibrosis cf thyroid"
    " hypertension hematology coagulation sickle cell methadone suboxone addiction recovery detox treatment crisis"
    " community local outside referring receiving county state veterans va military tertiary academic teaching"
    " university regional memorial patient patients patient's discharge admission admit admitted follow-up followup"
    " transferred service services department dept unit ward floor team group resident attending chief mr mrs ms dr"
    " md interventional diagnostic preoperative pre-op preop post-op ambulatory same-day dual mid mid-state"
    " northern southern eastern western national american us u.s. quality quick fast private public free city"
    " hosp med rec long-term term long extended medicare medicaid insurance pharmacy social work case management"
    " follow up return call name facility location site place date time re cc tumor registry board joint commission"
    " ambulance ems fire anesthesia pathology cytology micro microbiology specimen history course summary report"
    " total left right hip knee shoulder joint replacement back neck brain injury spinal cord tuberculosis tb std"
    " immunization vaccine vaccination flu covid covid-19 sars glaucoma cornea low vision contact lens optical"
    " in-house onsite on-site virtual tele telehealth video online remote center's infant newborn well nurse"
    " nurses midwife midwives special intensive coronary step-down stepdown progressive observation if when he she"
    " they we i it was is are were has have had will please see seen status post plan impression assessment"
    " diagnosis procedure anderson criteria index score scale survey form inventory test".split()
)
_ORGANIZATION = words(
    "High_School Elementary(?:_School)? Middle(?:_School)? Grade_School Charter(?:_School)? Academy University College"
    " School_District CISD ISD Preschool Montessori Church Chapel Temple Mosque Synagogue Congregation Cathedral"
    " Parish_Hall AME A\\.M\\.E\\. UMC Lutheran Reformed Baptist Methodist Presbyterian Insurance Assurance Mutual"
    " Health_Plans? Health_(?:Trust|Fund|Net) Life_(?:Insurance|Ins\\.?) Advantage Inc\\.? LLC LLP Corp\\.? Corporation"
    " Company Pharmacy Drugs? Drug_Store Bank Credit_Union Union Local_\\d+ Funeral_(?:Home|Parlor|Service)"
    " Mortuary EMS Ambulance Fire(?:_(?:Dept|Department|Rescue|District))? Police(?:_(?:Dept|Department))? PD Sheriff['’]?s?"
    " Foundation Fund Trust Restaurant Bakery Grill Diner Cafe Farms? Foods? Logistics Freight Trucking Transit"
    " Motors Construction Roofing Industries Manufacturing Mfg Steel Mills? Supply Systems Solutions Enterprises"
    " Laundry Dairy Market Produce Grocery Hardware Orchards? Vineyards? Casino Airlines Airways Nation Tribe Bros\\.?"
    " &_Sons Teamsters Cooperative Co-?op Shelter Mission Daycare Preschool Legal_Aid Public_Health DME Prosthetics"
    " Orthotics Oxygen Home_Infusion Infusion Specialty_Pharmacy Air_(?:Care|Rescue|Ambulance) Theater Theatre Museum"
    " Library Newspaper Radio Studios? Records Press Brewery Brewing Society Club League Guild Association Alliance"
    " Ministries Seminary Institute_of_Technology Tech Packing Plastics Paper Lumber Mining Mine Coal Energy Electric"
    " Power Plumbing Landscaping Nursery Packers? Poultry Beef Seafood Fisheries"
)
_BRANDS = words(
    "Walgreens CVS Rite_Aid Walmart Wal-?Mart Kroger Costco Publix Safeway H-E-B Meijer Sysco Amazon FedEx UPS Uber Lyft"
    " DoorDash Humana Aetna Cigna Kaiser(?:_Permanente)? Anthem(?:_B(?:lue_Cross|CBS))? Blue_?Cross(?:_?/?_?Blue_?Shield)? BCBS"
    " UnitedHealthcare United_Healthcare UHC Tricare TRICARE Medi-Cal Molina WellCare Wellcare Centene Ambetter Oscar_Health"
    " Harvard_Pilgrim Tufts_Health Horizon_BCBS Highmark Geisinger Optum OptumRx Express_Scripts Caremark CoverMyMeds"
    " Sedgwick Travelers_Insurance Geico GEICO State_Farm Allstate Amedisys LifeNet Lifeline Red_Cross Salvation_Army Peace_Corps"
    " U\\.?S\\.?_(?:Army|Navy|Air_Force|Marine_Corps|Coast_Guard|Postal_Service) Army Navy USMC USAF USN Marine_Corps"
    " National_Guard Army_Guard Coast_Guard Air_Force VFW American_Legion Medtronic_rep Apria Lincare McDonald['’]s Starbucks"
    " Home_Depot Lowe['’]s Target Best_Buy Dollar_General Dollar_Tree Instacart USPS Homeland_Security DCYF DCFS"
)


def _named(match: re.Match[str]) -> bool:
    """Accept a facility whose name has a word of its own: not the Pain Clinic."""
    lead = match["lead"]
    own = [w for w in re.findall(r"[\w'’-]+", lead.lower()) if w not in _GENERIC and len(w) > 1]
    if not own:
        return False
    first = lead.split()[0].lower().rstrip(".")
    return not (first in ("dr", "mr", "mrs", "ms", "see", "the") and len(lead.split()) == 1)


def _brand(match: re.Match[str]) -> bool:
    return re.search(r"\bold $", text_before(match, "ORGANIZATION", 6)) is None


RULES = (
    Rule(
        "Cedar Hill Medical Center, Mercy Hospital of the Plains, Bayview Joint Replacement Center",
        rf"(?<![\w'’-])(?P<HOSPITAL>(?P<lead>{_LEAD}) (?:{_HOSPITAL})(?![a-z])(?: (?:of|at|for) (?:the )?{_WORD}(?: {_WORD})?)?)(?![\w])",
        0.85,
        check=_named,
    ),
    Rule(
        "CEDAR HILL MEDICAL CENTER",
        r"(?<![\w'’-])(?P<HOSPITAL>(?P<lead>[A-Z][A-Z'’.&-]{1,17}(?: (?:&|OF|THE|AND|[A-Z][A-Z'’.-]{1,17})){0,5}?) "
        r"(?:HOSPITAL|HOSP|MEDICAL CENTER|MED CTR|CLINIC|HOSPICE|INFIRMARY|HEALTH (?:CENTER|SYSTEM)|HEART CENTER|REHAB|CARE CENTER|SURGERY CENTER"
        r"|OCCUPATIONAL (?:MEDICINE|HEALTH CENTER)|PEDIATRICS|ASSOCIATES|NURSING HOME|MANOR|VISITING NURSES|FAMILY DENTISTRY|IMAGING)"
        r"(?: OF (?:THE )?[A-Z]{3,}(?: [A-Z]{3,})?)?)(?![\w])",
        0.85,
        check=_named,
    ),
    Rule(
        "St. Brendan's, Saint Ignatius",
        r"(?<![\w.])(?P<HOSPITAL>(?:St\.|Saint|ST\.|St(?= [A-Z][a-z]+['’]s)) [A-Z][\w'’-]{2,14}(?: [A-Z][\w'’-]{2,14}(?= (?:Hospital|Medical|Clinic|Health)))?)(?!\w)",
        0.75,
        cues=("st.", "saint", "st "),
        check=lambda m: re.match(r"(?:St\.|Saint|ST\.) (?:Jude (?:Medical|valve|lead)|John['’]?s [Ww]ort|Vitus|Anthony['’]s fire)", m.string[m.start() : m.end() + 10]) is None
        and re.search(r"\d (?:[A-Z]\w+ )?$", text_before(m, "HOSPITAL", 16)) is None,
    ),
    Rule(
        "Ridgeway Middle School, Shady Grove Baptist Church, Delmar Drugs, Harbor Mutual, Teamsters Local 20",
        rf"(?<![\w'’-])(?P<ORGANIZATION>(?P<lead>{_LEAD}),? (?:{_ORGANIZATION})(?![a-z]))(?![\w])",
        0.8,
        check=_named,
    ),
    Rule("Walgreens, Humana, Red Cross", rf"(?<![\w-])(?P<ORGANIZATION>{_BRANDS})(?!\w)", 0.85, check=_brand),
)
