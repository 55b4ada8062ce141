"""Surrogates of states: full name for full name, code for code."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pipeline.deid.person_name import fold
from pipeline.deid.surrogates.draws import Draws, assign
from pipeline.deid.surrogates.written_form import (
    word_list,
    write_like,
)

_STATES = word_list(
    "Alabama:AL:Ala. Alaska:AK:Alaska Arizona:AZ:Ariz. Arkansas:AR:Ark. California:CA:Calif."
    " Colorado:CO:Colo. Connecticut:CT:Conn. Delaware:DE:Del. Florida:FL:Fla. Georgia:GA:Ga."
    " Hawaii:HI:Hawaii Idaho:ID:Idaho Illinois:IL:Ill. Indiana:IN:Ind. Iowa:IA:Iowa"
    " Kansas:KS:Kans. Kentucky:KY:Ky. Louisiana:LA:La. Maine:ME:Maine Maryland:MD:Md."
    " Massachusetts:MA:Mass. Michigan:MI:Mich. Minnesota:MN:Minn. Mississippi:MS:Miss."
    " Missouri:MO:Mo. Montana:MT:Mont. Nebraska:NE:Neb. Nevada:NV:Nev. New_Hampshire:NH:N.H."
    " New_Jersey:NJ:N.J. New_Mexico:NM:N.M. New_York:NY:N.Y. North_Carolina:NC:N.C."
    " North_Dakota:ND:N.D. Ohio:OH:Ohio Oklahoma:OK:Okla. Oregon:OR:Ore. Pennsylvania:PA:Pa."
    " Rhode_Island:RI:R.I. South_Carolina:SC:S.C. South_Dakota:SD:S.D. Tennessee:TN:Tenn."
    " Texas:TX:Tex. Utah:UT:Utah Vermont:VT:Vt. Virginia:VA:Va. Washington:WA:Wash."
    " West_Virginia:WV:W.Va. Wisconsin:WI:Wis. Wyoming:WY:Wyo."
)
_TABLE = tuple(
    (name.replace("_", " "), code, short)
    for name, code, short in (state.split(":") for state in _STATES)
)
_FORMS = {fold(row[kind]): (place, kind) for kind in (2, 1, 0) for place, row in enumerate(_TABLE)}
_FORMS |= {
    form: (next(i for i, row in enumerate(_TABLE) if row[1] == code), kind)
    for form, code, kind in (
        ("kan", "KS", 2), ("nebr", "NE", 2), ("penn", "PA", 2), ("penna", "PA", 2),
        ("oreg", "OR", 2), ("cal", "CA", 2), ("minnesota", "MN", 0), ("nys", "NY", 1),
        ("wisc", "WI", 2), ("virg", "VA", 2), ("0h", "OH", 1), ("0hio", "OH", 0),
    )
}  # fmt: skip


class States:
    """Surrogates of states, one for each, however it is written.

    Args:
        draws: The patient's keyed choices.
        surfaces: All states, by name, abbreviation or code.
        barred: Folded words and phrases that no surrogate may be.
    """

    def __init__(self, draws: Draws, surfaces: Iterable[str], barred: Collection[str]) -> None:
        keys = {_state_key(surface) for surface in surfaces}
        used = keys | {row[1] for row in _TABLE if fold(row[0]) in barred}
        self._become = assign(
            keys,
            lambda key, attempt: draws.pick(_TABLE, "state", key, attempt)[1],
            lambda code: code not in used,
        )

    def write(self, surface: str) -> str | None:
        """Write another state in the same form; None if there are no others left."""
        made = self._become.get(_state_key(surface))
        if made is None:
            return None
        folded = fold(surface)
        kind = _FORMS[folded][1] if folded in _FORMS else int(len(folded) <= 2)
        name, code, short = next(row for row in _TABLE if row[1] == made)
        if len(folded) <= 2:
            if surface.istitle() and not surface.isupper():
                return short if "." in surface else code
            return write_like(".".join(code) + "." if "." in surface else code, surface)
        form = (name, code, short if "." in surface else short.rstrip("."))[kind]
        return write_like(form, surface) if kind != 1 else form


def _state_key(surface: str) -> str:
    """Return the code of a known state, else the folded surface."""
    folded = fold(surface)
    return _TABLE[_FORMS[folded][0]][1] if folded in _FORMS else folded
