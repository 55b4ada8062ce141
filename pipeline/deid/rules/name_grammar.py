"""How a person's name reads: initials, particles, hyphens, suffixes, "Last, First M."."""

from __future__ import annotations

import re

from pipeline.deid.rules.lexicon import Lexicon

_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|['’`-](?=[^\W\d_])|(?<=[^\W\d])[0O](?=[^\W\d]))*")
_PARTICLES = frozenset(
    "de la las los del della di da do dos das van der den von zu el al bin ibn ben abu ter ten le du st mac mc y e".split()
)
_SUFFIXES = frozenset("jr sr ii iii iv".split())
CREDENTIALS = frozenset(
    "md do rn lpn lvn np pa cna ma rt ot pt pta ota cota dpt otr slp ccc sw msw lcsw lmsw lsw licsw bsw crna cnm aprn"
    " arnp fnp pnp agnp dnp msn bsn phd psyd pharmd rph rd rdn ld cde cdces dds dmd dpm od dvm mph ms mba facs facp"
    " facc faaos fccp frcs abpp lpc lmhc lmft mft ladc cadc rrt crt rdh emt emtp nrp mict rvt rdcs rdms aud ba bs"
    " esq ccrn cen wocn cwon ibclc atc ches chpn ocn pct pca hha cma rma cst rpsgt ms4 ms3 pgy mbbs mbchb cscs nnp"
    " sn aide tech attending fellow resident intern chief nurse doctor physician surgeon chaplain phlebotomist cdrms bcacp bcps bcpp sane anes anesthesia asst assistant circulator".split()
)
_NEVER = frozenset(
    "and or the a an of for to in on at by with from as is was are were be been has have had will would can could"
    " may might should shall not no yes he she it they we you i his her its their our your this that these those"
    " who which what when where why how if then than but so also per via re cc dr drs mr mrs ms miss mx prof sir"
    " patient pt pts name names date time dob mrn age sex note report hospital clinic center unit room department"
    " service phone fax page address signed electronically dictated transcribed attending notified aware called"
    " paged office order orders ordered icu ed er or ct mri us ekg ecg eeg xr cxr iv po im sq bid tid qid prn bp hr"
    " rr hx pmh psh ros heent wnl nkda dnr dni pod hd los tx rx dx fx sx bx st am pm cm mm mg ml cc kg lb left right"
    " today yesterday tomorrow tonight morning night monday tuesday wednesday thursday friday saturday sunday"
    " january february march april june july august september october november december none unknown self"
    " history physical exam assessment plan impression findings procedure diagnosis diagnoses allergies medications"
    " chief complaint family social review systems vital signs labs laboratory data course disposition condition"
    " discharge admission admit follow followup consult consultation progress summary operative preoperative"
    " postoperative emergency medicine medical surgery surgical cardiology neurology radiology pathology oncology"
    " pediatric pediatrics psychiatry urology nursing social work physical occupational speech therapy pharmacy"
    " telephone encounter visit team staff provider primary care referring insurance male female yo year old"
    " stated states says said reports reported denies denied asked told gave given seen saw came went took".split()
)


def is_initials(word: str) -> bool:
    """Say whether a word may be somebody's initials: two to four capitals."""
    return 2 <= len(word) <= 4 and word.isalpha() and word.isupper()


class NameGrammar:
    """Reads names in text, forwards and backwards, with the help of the word lists."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def read(self, text: str, start: int, *, lower: bool = False, comma: bool = False, limit: int = 4) -> int:
        """Return the end of the name that begins at ``start``, or ``start`` if none does.

        Args:
            text: The whole text.
            start: Where the name would begin.
            lower: Whether a name in lower case is allowed (after a sure cue).
            comma: Whether ``Last, First`` is one name.
            limit: The most words of a name.
        """
        position, end, count, style = start, start, 0, ""
        sure = False
        while count < limit:
            match = _TOKEN.match(text, position)
            if match is None:
                break
            word = match[0]
            kind = self._kind(word, count, style, lower, text, match.end())
            if not kind:
                break
            sure = sure or kind in ("name", "initial" if text[match.end() : match.end() + 1] == "." else "name")
            style = style or ("" if kind in ("particle", "initial") else _style(word))
            count += kind != "particle"
            position = match.end()
            if word.endswith(("'s", "’s", "'S", "’S")):
                return position - 2 if sure else start
            if text[position : position + 1] == "." and (len(word) == 1 or word.lower() in ("jr", "sr", "st")):
                position += 1
            if kind != "particle":
                end = position
            following = text[position : position + 2]
            if following[:1] in (" ", "\u00a0") and following[1:] not in ("", " "):
                position += 1
            elif following[:1] == "." and len(word) == 1 and following[1:].isalpha():
                position += 1
            elif len(word) == 1 and text[position - 1] == "." and following[:1].isupper():
                pass
            elif following[:1] == "," and self._joins(text, position, comma and count == 1):
                position += 2 if following == ", " else 1
                limit = max(limit, count + 3)
            else:
                break
        return end if sure else start

    def read_back(self, text: str, end: int, *, limit: int = 4) -> int:
        """Return the start of the name that ends at ``end``, or ``end`` if none does.

        The name must be on the line of ``end`` and written with capitals.
        """
        line_start = max(text.rfind("\n", 0, end) + 1, end - 60)
        line = text[line_start:end]
        starts = [m.start() for m in _TOKEN.finditer(line)]
        best = end
        for start in reversed(starts[-7:]):
            if start and line[start - 1] in "'’-" and start > 1 and line[start - 2].isalnum():
                continue
            comma = "," in line[start:].rstrip(", ")
            if not line[start].isupper() and line[start : start + 3].split(" ")[0] not in _PARTICLES:
                break
            if self.read(text, line_start + start, comma=comma, limit=limit) != end:
                if line[start:].count(" ") >= 1 and best != end:
                    break
                continue
            best = line_start + start
        return best

    def _joins(self, text: str, position: int, comma: bool) -> bool:
        """Say whether the comma at ``position`` stands inside a name."""
        match = _TOKEN.match(text, position + (2 if text[position + 1 : position + 2] == " " else 1))
        if match is None:
            return False
        word = match[0].lower()
        if word in _SUFFIXES:
            return True
        return comma and word not in CREDENTIALS and word not in _NEVER and not self._lexicon.is_plain_word(word)

    def _kind(self, word: str, count: int, style: str, lower: bool, text: str, end: int) -> str:
        """Classify a word at its place in a name: name, initial, particle, suffix or nothing."""
        plain = word.lower()
        after = text[end : end + 2]
        if plain in _SUFFIXES and count and not word.islower():
            return "suffix"
        if len(word) == 1:
            return "initial" if word.isupper() and (after[:1] in (".", " ", ",", "") or count) else ""
        if plain in _PARTICLES and after[:1] in (" ", ".") and (word.islower() or word.istitle()):
            if re.match(r"\.? [^\W\d_]", text[end : end + 3]) and (count or text[end + 1 : end + 2].isupper()
                                                                  or plain in ("de", "van", "von", "la", "al", "st", "el")):
                return "particle"
        base = plain[:-2] if plain.endswith(("'s", "’s")) else plain
        if base in CREDENTIALS or base in _NEVER:
            return ""
        if word[0].isupper():
            return self._capital_kind(word, base, count, style)
        if not lower or style in ("title", "upper"):
            return ""
        known = self._lexicon.is_name(base)
        if count:
            return "name" if base not in self._lexicon.common and len(base) > 2 else ""
        return "name" if known or (base not in self._lexicon.common and len(base) > 2) else ""

    def _capital_kind(self, word: str, base: str, count: int, style: str) -> str:
        lexicon = self._lexicon
        if word.isupper():
            if style == "title" or (len(word) < 3 and not lexicon.is_name(base)):
                return ""
            return "" if lexicon.is_plain_word(base) else "name"
        if style == "upper" and count:
            return ""
        return "" if lexicon.is_plain_word(base) else "name"


def _style(word: str) -> str:
    if word.islower():
        return "lower"
    return "upper" if word.isupper() and len(word) > 1 else "title"
