"""Size and place of a character on a page, as PDFium knows them."""

from __future__ import annotations

from ctypes import byref, c_double
from math import hypot

import pypdfium2.raw as pdfium

SMALLER, RAISED_BY = 0.87, 0.08
"""A mark is smaller than this share of the size of its neighbour, and stands higher by this share of it."""


def font_size(layer: pdfium.FPDF_TEXTPAGE, index: int) -> float:
    """The size of the font of a character as it stands on the page, in points; 0 where PDFium does not know."""
    matrix = pdfium.FS_MATRIX()
    if index < 0 or not pdfium.FPDFText_GetMatrix(layer, index, byref(matrix)):
        return 0.0
    return float(pdfium.FPDFText_GetFontSize(layer, index)) * hypot(matrix.c, matrix.d)


def base(layer: pdfium.FPDF_TEXTPAGE, index: int) -> float:
    """How high on the page, in points, the line runs that a character stands on; 0 where PDFium does not know."""
    x, y = c_double(), c_double()
    pdfium.FPDFText_GetCharOrigin(layer, index, byref(x), byref(y))
    return y.value
