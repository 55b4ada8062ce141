"""How a person's name reads: initials, particles, hyphens, suffixes, "Last, First M."."""

from __future__ import annotations

import re

from pipeline.deid.rules.lexicon import Lexicon

_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|['’`-](?=[^\W\d_])|(?<=[^\W\d])[01O](?=[^\W\d]))*")
_NICKNAME = re.compile(
    r" [\"“'(‘]{1,2}(?P<nick>[^\W\d_a-z][\w'’.-]{0,12})(?: [^\W\d_a-z][\w-]{1,12})?"
    r"(?P<close>[\"”')’]{1,2})(?=[ .,;\n]|$)"
)
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])
_NAMES_TOO = frozenset(["will", "may", "june", "april", "august"])


class NameGrammar:
    """Reads names in text, forwards and backwards, with the help of the word lists."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def read(
        self, text: str, start: int, *, lower: bool = False, comma: bool = False, limit: int = 4
    ) -> int:
        """Return the end of the name that begins at ``start``, or ``start`` if none does.

        Args:
            text: The whole text.
            start: Where the name would begin.
            lower: Whether a name in lower case is allowed (after a sure cue).
            comma: Whether ``Last, First`` is one name.
            limit: The most words of a name.
        """
        position = end = start
        count, style, sure = 0, "", False
        while count < limit and (match := _TOKEN.match(text, position)):
            word, dotted = match[0], text[match.end() : match.end() + 1] == "."
            kind = self._kind(word, count, style, lower, text, match.end())
            if not kind:
                break
            sure = sure or kind == "name" or (kind == "initial" and dotted)
            if word.lower().endswith(("'s", "’s")):
                return match.end() - 2 if sure else start
            position = match.end()
            if dotted and (len(word) == 1 or word.lower() in ("jr", "sr", "st")):
                position += 1
            if kind != "particle":
                end, count = position, count + 1
                if nick := self._nickname(text, position):
                    end = position = nick
            if kind not in ("particle", "initial"):
                style = style or _style(word)
            step = self._step(text, position, len(word) == 1, comma and count == 1)
            if step is None:
                break
            if text[position : position + 1] == ",":
                limit = max(limit, count + 3)
            position += step
        return end if sure else start

    def _step(self, text: str, position: int, initial: bool, comma: bool) -> int | None:
        """Return how far the next word of the name is, or None if the name ends here."""
        mark, after = text[position : position + 1], text[position + 1 : position + 2]
        if mark in (" ", "\u00a0") and after not in ("", " "):
            return 1
        if mark == "." and initial and after.isalpha():
            return 1
        if initial and mark.isupper() and text[position - 1] == ".":
            return 0
        if mark == "," and self._joins(text, position, comma):
            return 2 if after == " " else 1
        return None

    def _nickname(self, text: str, position: int) -> int:
        """Return the end of a nickname in quotes or brackets that follows, or 0."""
        match = _NICKNAME.match(text, position)
        if match is None:
            return 0
        word, lexicon = match["nick"].lower(), self._lexicon
        plain = word in lexicon.credentials or word in lexicon.not_names or word in lexicon.roles
        return 0 if plain or lexicon.is_plain_word(word) else match.end("close")

    def read_back(self, text: str, end: int, *, limit: int = 4) -> int:
        """Return the start of the name that ends at ``end``, or ``end`` if none does.

        The name must be on the line of ``end`` and written with capitals.
        """
        earliest = max(0, end - 60)
        line_start = max(text.rfind("\n", earliest, end) + 1, earliest)
        line = text[line_start:end]
        starts = [m.start() for m in _TOKEN.finditer(line)]
        best = end
        for start in reversed(starts[-7:]):
            if start and line[start - 1] in "'’-" and start > 1 and line[start - 2].isalnum():
                continue
            comma = "," in line[start:].rstrip(", ")
            if (
                not line[start].isupper()
                and line[start : start + 3].split(" ")[0] not in self._lexicon.particles
            ):
                break
            if self.read(text, line_start + start, comma=comma, limit=limit) != end:
                if line[start:].count(" ") >= 1 and best != end:
                    break
                continue
            best = line_start + start
        return best

    def _joins(self, text: str, position: int, comma: bool) -> bool:
        """Say whether the comma at ``position`` stands inside a name."""
        match = _TOKEN.match(
            text, position + (2 if text[position + 1 : position + 2] == " " else 1)
        )
        if match is None:
            return False
        word = match[0].lower()
        if word in _SUFFIXES:
            return True
        return (
            comma
            and word not in self._lexicon.credentials
            and word not in self._lexicon.not_names
            and not self._lexicon.is_plain_word(word)
        )

    def _kind(self, word: str, count: int, style: str, lower: bool, text: str, end: int) -> str:
        """Classify a word at its place in a name: name, initial, particle, suffix or nothing."""
        plain = word.lower()
        after = text[end : end + 2]
        if after[:1].isdigit():
            return ""
        if plain in _SUFFIXES and count and not word.islower():
            return "suffix"
        if len(word) == 1:
            return (
                "initial" if word.isupper() and (after[:1] in (".", " ", ",", "") or count) else ""
            )
        if self._is_particle(word, count, text[end : end + 3]):
            return "particle"
        base = plain[:-2] if plain.endswith(("'s", "’s")) else plain
        if base in self._lexicon.credentials:
            return ""
        if base in self._lexicon.not_names:
            modal = (
                word.istitle()
                and base in _NAMES_TOO
                and (not count or re.match(r" [a-z]", text[end : end + 2]) is None)
            )
            return "name" if modal else ""
        if word[0].isupper():
            return self._capital_kind(word, base, count, style)
        if not lower or style in ("title", "upper"):
            return ""
        known = self._lexicon.is_name(base)
        if count:
            return "name" if base not in self._lexicon.common and len(base) > 2 else ""
        return "name" if known or (base not in self._lexicon.common and len(base) > 2) else ""

    def _is_particle(self, word: str, count: int, after: str) -> bool:
        """Say whether a word is a small part of a surname: de, van, St."""
        plain = word.lower()
        if plain not in self._lexicon.particles or not (word.islower() or word.istitle()):
            return False
        if re.match(r"(?: |\. ?)[^\W\d_]", after) is None:
            return False
        opens = plain in ("de", "van", "von", "la", "al", "st", "el")
        return bool(count) or opens or after[1:2].isupper()

    def _capital_kind(self, word: str, base: str, count: int, style: str) -> str:
        lexicon = self._lexicon
        if word.isupper():
            if "-" in word and not self._is_double_name(word):
                return ""
            if style == "title" or (len(word) < 3 and not lexicon.is_name(base)):
                return ""
            return "" if lexicon.is_plain_word(base) else "name"
        if style == "upper" and count:
            return ""
        if "-" in word and not self._is_double_name(word):
            return ""
        return "" if lexicon.is_plain_word(base) else "name"

    def _is_double_name(self, word: str) -> bool:
        """Refuse Badge-in, RE-EVAL, I-PASS and e-signed, which are no Duarte-Bell or Al-Sayed."""
        pieces = word.split("-")
        if all(len(piece) == 1 for piece in pieces):
            return word.isupper()
        if word[0].islower() or (len(pieces[0]) == 1 and word.isupper()):
            return False
        if len(pieces[0]) == 1 and pieces[1].istitle():
            return True
        lexicon = self._lexicon
        return not all(
            piece.islower() or len(piece) == 1 or lexicon.is_plain_word(piece.lower())
            for piece in pieces[1:]
        ) or lexicon.is_name(pieces[0].lower())


def _style(word: str) -> str:
    if word.islower():
        return "lower"
    return "upper" if word.isupper() and len(word) > 1 else "title"
