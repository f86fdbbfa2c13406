"""Labels of automatic lists, as they are printed: 1 2 3, a b c, i ii iii."""

from __future__ import annotations

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_MOST = 3999


def roman(n: int) -> str:
    """The small Roman numeral of 1 to 3,999; else the number in digits."""
    if not 1 <= n <= _MOST:
        return str(n)
    out = []
    for value, sign in _ROMAN:
        times, n = divmod(n, value)
        out.append(sign * times)
    return "".join(out)


def letter(n: int) -> str:
    """The small letter of 1 to 26; then aa, bb ... as word processors count; else the number in digits."""
    if not 1 <= n <= _MOST:
        return str(n)
    times, place = divmod(n - 1, 26)
    return chr(ord("a") + place) * (times + 1)


def capital(n: int) -> str:
    """The label of ``letter`` in capitals."""
    return letter(n).upper()


def capital_roman(n: int) -> str:
    """The label of ``roman`` in capitals."""
    return roman(n).upper()
