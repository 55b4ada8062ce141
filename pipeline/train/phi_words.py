"""Closed lists of words that surrogates are built of; the open ones come from files."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("\n", " ").split(",") if part.strip())


MONTHS: Final = _words(
    "January, February, March, April, May, June, July, August, September, October, "
    "November, December"
)
MONTHS_SHORT: Final = _words("Jan, Feb, Mar, Apr, May, Jun, Jul, Aug, Sep, Sept, Oct, Nov, Dec")
WEEKDAYS: Final = _words("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday")
WEEKDAYS_SHORT: Final = _words("Mon, Tue, Tues, Wed, Thu, Thur, Thurs, Fri, Sat, Sun")
HOLIDAYS: Final = _words(
    "Thanksgiving, Christmas, Christmas Eve, New Year's, New Year's Eve, New Year's Day, "
    "Easter, Easter Sunday, Good Friday, Halloween, Labor Day, Memorial Day, Veterans "
    "Day, Mother's Day, Father's Day, Valentine's Day, Fourth of July, July 4th, the 4th "
    "of July, Juneteenth, Columbus Day, Presidents' Day, MLK Day, St. Patrick's Day, "
    "Cinco de Mayo, Ramadan, Diwali, Hanukkah, Passover, Yom Kippur, Rosh Hashanah, Lent, "
    "Ash Wednesday, Palm Sunday, Mardi Gras, Eid, Lunar New Year, Tet, Groundhog Day, "
    "Super Bowl Sunday, Boxing Day, Xmas, Kwanzaa"
)
SEASONS: Final = _words("spring, summer, fall, winter, autumn")

COUNTRIES: Final = _words(
    "Afghanistan, Albania, Algeria, Angola, Argentina, Armenia, Australia, Austria, "
    "Azerbaijan, Bahamas, Bangladesh, Barbados, Belarus, Belgium, Belize, Benin, Bhutan, "
    "Bolivia, Bosnia, Botswana, Brazil, Bulgaria, Burkina Faso, Burma, Cambodia, "
    "Cameroon, Canada, Cape Verde, Chad, Chile, China, Colombia, Congo, Costa Rica, "
    "Croatia, Cuba, Cyprus, Czech Republic, Denmark, Dominican Republic, Ecuador, Egypt, "
    "El Salvador, England, Eritrea, Estonia, Ethiopia, Fiji, Finland, France, Gabon, "
    "Gambia, Georgia, Germany, Ghana, Greece, Guatemala, Guinea, Guyana, Haiti, Honduras, "
    "Hungary, Iceland, India, Indonesia, Iran, Iraq, Ireland, Israel, Italy, Ivory Coast, "
    "Jamaica, Japan, Jordan, Kazakhstan, Kenya, Korea, Kosovo, Kuwait, Laos, Latvia, "
    "Lebanon, Liberia, Libya, Lithuania, Madagascar, Malawi, Malaysia, Mali, Malta, "
    "Mexico, Micronesia, Moldova, Mongolia, Morocco, Mozambique, Myanmar, Namibia, Nepal, "
    "Netherlands, New Zealand, Nicaragua, Niger, Nigeria, Norway, Oman, Pakistan, Panama, "
    "Paraguay, Peru, Philippines, Poland, Portugal, Qatar, Romania, Russia, Rwanda, "
    "Samoa, Saudi Arabia, Scotland, Senegal, Serbia, Sierra Leone, Singapore, Slovakia, "
    "Somalia, South Africa, South Korea, South Sudan, Spain, Sri Lanka, Sudan, Sweden, "
    "Switzerland, Syria, Taiwan, Tanzania, Thailand, Togo, Tonga, Trinidad, Tunisia, "
    "Turkey, Uganda, Ukraine, UK, United Kingdom, United States, Uruguay, USA, US, "
    "Uzbekistan, Venezuela, Vietnam, Wales, Yemen, Zambia, Zimbabwe"
)

OCCUPATIONS: Final = _words(
    "accountant, actor, actuary, air traffic controller, ambulance driver, animal "
    "trainer, architect, artist, assembler, attorney, auctioneer, auto mechanic, baker, "
    "bank teller, barber, bartender, beautician, beekeeper, blacksmith, boat captain, "
    "boilermaker, bookkeeper, bookseller, bricklayer, bus driver, butcher, cab driver, "
    "cabinetmaker, carpenter, cashier, caterer, chef, chemist, civil engineer, cleaner, "
    "coach, coal miner, college professor, computer programmer, concrete finisher, "
    "construction worker, consultant, cook, correctional officer, cosmetologist, court "
    "reporter, crane operator, custodian, dairy farmer, dancer, daycare worker, delivery "
    "driver, dental assistant, dental hygienist, dentist, detective, dishwasher, "
    "dispatcher, dock worker, drywall installer, economist, editor, electrician, elevator "
    "mechanic, engineer, factory worker, farmer, farmhand, firefighter, fisherman, flight "
    "attendant, florist, forester, forklift operator, funeral director, garbage "
    "collector, gardener, geologist, glazier, graphic designer, grocery clerk, gunsmith, "
    "hairdresser, handyman, high school teacher, home health aide, homemaker, hotel "
    "clerk, housekeeper, HVAC technician, insurance agent, interior designer, "
    "interpreter, ironworker, janitor, jeweler, journalist, judge, laborer, landscaper, "
    "lawyer, librarian, lifeguard, line cook, locksmith, logger, longshoreman, machine "
    "operator, machinist, maid, mail carrier, maintenance man, manager, mason, massage "
    "therapist, meat packer, mechanic, millwright, miner, minister, model, musician, nail "
    "technician, nanny, nurse, nursing student, office manager, oil rig worker, "
    "optometrist, painter, paralegal, paramedic, park ranger, pastor, pharmacist, "
    "photographer, physicist, pilot, pipefitter, plasterer, plumber, police officer, "
    "postal worker, preschool teacher, priest, principal, printer, programmer, property "
    "manager, ranch hand, realtor, receptionist, reporter, restaurant owner, roofer, "
    "sailor, sales associate, salesman, school bus driver, school counselor, seamstress, "
    "secretary, security guard, sheet metal worker, shipyard worker, social worker, "
    "software developer, soldier, statistician, steelworker, stockbroker, student, "
    "substitute teacher, surveyor, tailor, tax preparer, taxi driver, teacher, teacher's "
    "aide, telemarketer, tile setter, tool and die maker, tow truck driver, travel agent, "
    "tree trimmer, truck driver, upholsterer, veterinarian, waiter, waitress, warehouse "
    "worker, web designer, welder, window washer, writer, yoga instructor, zookeeper"
)

STREET_TYPES: Final = _words(
    "St, Street, St., Ave, Avenue, Ave., Rd, Road, Rd., Blvd, Boulevard, Ln, Lane, Dr, "
    "Drive, Ct, Court, Pl, Place, Ter, Terrace, Way, Cir, Circle, Pkwy, Parkway, Hwy, "
    "Trail, Trl, Loop, Run, Path, Row, Pike, Sq, Square, Xing, Crossing, Plaza, Alley"
)
ROUTES: Final = (
    "P.O. Box {0}", "PO Box {0}", "RR {1} Box {0}", "HC {1} Box {0}",
    "Hwy {0}", "Route {0}", "State Route {0}", "County Rd {0}",
)  # fmt: skip
UNITS: Final = (
    " Apt ", " #", ", Apt ", ", Unit ", " Unit ", " Ste ", " apt. ", ", Suite ", " Suite ",
    ", Bldg ", " Lot ", ", Ste. ", ", Floor ", " Rm ", " Apt. #", ", #", " Trlr ",
)  # fmt: skip
STREET_WORDS: Final = _words(
    "Main, Oak, Maple, Cedar, Pine, Elm, Walnut, Chestnut, Spruce, Birch, Willow, "
    "Hickory, Poplar, Sycamore, Magnolia, Dogwood, Juniper, Laurel, Lake, River, Creek, "
    "Spring, Mill, Church, School, Park, Hill, Ridge, Valley, Meadow, Forest, Prairie, "
    "Sunset, Highland, Summit, Canal, Market, Front, Union, Liberty, Franklin, "
    "Washington, Jefferson, Lincoln, Madison, Jackson, Second, Third, Fourth, Fifth, 1st, "
    "2nd, 3rd, 5th, 8th, 12th, 22nd, 41st, Broadway, Orchard, Quarry, Harbor, Ferry, "
    "Depot, Railroad, Commerce, College, Mission, Bay, Ocean, Canyon, Fox"
)

HOSPITAL_TYPES: Final = _words(
    "Hospital, Medical Center, Memorial Hospital, General Hospital, Regional Medical "
    "Center, Community Hospital, Health Center, Clinic, Family Practice, Children's "
    "Hospital, Surgical Center, Cancer Center, Heart Institute, Rehab, Rehabilitation "
    "Hospital, Hospice, Nursing Home, Care Center, Orthopedics, Pediatrics, Dermatology, "
    "Cardiology, Imaging, Radiology, Oncology, Urgent Care, Eye Clinic, Women's Health, "
    "Behavioral Health, Psychiatry, Internal Medicine, Health System, Hosp, Med Ctr, "
    "Manor, Dialysis, Physical Therapy, Gen, Regional, Memorial, Surgery Center, Sleep "
    "Center, Neurology Associates, VA Medical Center"
)
HOSPITAL_WORDS: Final = _words(
    "Mercy, Saint, Grace, Good Samaritan, Providence, Trinity, Sacred Heart, Holy Cross, "
    "Unity, Hope, Bethesda, Mount Zion, Riverside, Lakeside, Bayview, Hillcrest, "
    "Northside, Southside, Eastside, Westside, Valley, Highland, Ridgeview, Fairview, "
    "Parkview, Cedar Grove, Pinecrest, Oakwood, Maplewood, Stonebridge, Harbor, Coastal, "
    "Prairie, Mountain View, Desert, Piedmont, Tri-County, Metro, University, Veterans, "
    "Methodist, Baptist, Presbyterian, Lutheran, Beacon"
)
ORGANIZATION_TYPES: Final = _words(
    "Inc., LLC, Co., Elementary, Elementary School, Middle School, High School, High, "
    "College, University, Insurance, Mutual, Health Plan, Pharmacy, Drugs, Church, "
    "Baptist Church, Parish, Temple, Mosque, Ministries, Foundation, Brothers, & Sons, "
    "Trucking, Construction, Foods, Farms, Motors, Auto Body, Hardware, Bakery, Diner, "
    "Cafe, Grill, Market, Electric, Plumbing, Roofing, Logistics, Manufacturing, Steel, "
    "Mills, Labs, Laboratory, Home Health, Medical Supply, Ambulance, EMS, Fire "
    "Department, Police Department, Sheriff's Office, School District, Bank, Credit "
    "Union, Realty, Law Group, Local 412, Legion Post 88, YMCA, Shelter, House, Daycare"
)
PLACE_TYPES: Final = _words(
    "County, Co., Park, State Park, Lake, River, Creek, Beach, Bridge, Mall, Airport, "
    "Stadium, Apartments, Apts, Manor, Village, Estates, Trailer Park, Marina, Island, "
    "Mountain, Valley, Trail, Plaza, Center, Fairgrounds, Cemetery, Campground, "
    "Reservation, Hall, Tower, Pavilion, Building, Wing, Parish, Canyon, Falls, Harbor, "
    "Casino, Library, Heights, Ranch"
)

NAME_PARTICLES: Final = frozenset(
    _words(
        "de, la, las, los, del, da, dos, das, di, du, der, den, van, von, el, al, ul, "
        "bin, bint, ibn, abu, ben, y, e, st, ste, san, le, jr, sr, ii, iii, iv, md, do, "
        "rn, np, pa, mr, mrs, ms, dr, and, the, of, or, baby, boy, girl, aka, nee, née, "
        "twin, infant"
    )
)

EPONYMS: Final = frozenset(
    _words(
        "parkinson, foley, babinski, hodgkin, crohn, murphy, kerlix, swan, ganz, wilson, "
        "bell, cooper, alzheimer, graves, hashimoto, addison, cushing, raynaud, sjogren, "
        "barrett, kocher, hartmann, doppler, romberg, kernig, brudzinski, mcburney, "
        "rovsing, lachman, tinel, phalen, finkelstein, homan, homans, virchow, trousseau, "
        "chvostek, marfan, turner, down, klinefelter, tourette, huntington, creutzfeldt, "
        "jakob, guillain, barre, charcot, meniere, baker, paget, hirschsprung, kaposi, "
        "burkitt, ewing, wilms, kawasaki, still, behcet, wegener, goodpasture, henoch, "
        "osler, weber, rinne, apgar, glasgow, braden, norton, morse, lasegue, "
        "trendelenburg, fowler, jackson, pratt, penrose, hickman, broviac, port, whipple, "
        "nissen, billroth, roux, bovie, kelly, allis, babcock, debakey, deaver, "
        "richardson, metzenbaum, mayo, army, navy, valsalva, heimlich, epley, colles, "
        "smith, bennett, monteggia, galeazzi, salter, harris, schatzker, weber, mohs, "
        "breslow, clark, gleason, bishop, fitzpatrick, tanner, dupuytren, achilles, "
        "douglas, morison, calot, cantlie, gerota, purkinje, bachmann, mallory, weiss, "
        "boerhaave, zenker, schatzki, meckel, peyronie, bartholin, skene, cooper, "
        "poupart, hesselbach"
    )
)
