"""A resolution of our own words in six languages, and the markup, packages and PDF files made of it."""

from __future__ import annotations

import io
import zipfile
import zlib

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

# language -> (organ, preambular with a mark, operative with a mark, operative, footnote, footnote)
WORDS = {
    "ar": (
        "إن الجمعية العامة،",
        "إذ تشير إلى قرارها 12/34 المؤرخ 5 أيار/مايو 2019{1} وإلى الوثيقة A/75/399،",
        "1 - تطلب إلى جميع الدول الأطراف أن تبلغ عن مخزونها (NPT) قبل عام 2026؛{2}",
        "2 - تقرر أن تعود إلى المسألة في الدورة المقبلة.",
        "1 A/75/81.",
        "2 انظر القرار 12/35.",
    ),
    "en": (
        "The General Assembly,",
        "Recalling its resolution 12/34 of 5 May 2019,{1} and document A/75/399,",
        "1. Asks all States parties to report on their stocks (NPT) before 2026;{2}",
        "2. Decides to return to the matter at its next session.",
        "1 A/75/81.",
        "2 See resolution 12/35.",
    ),
    "es": (
        "La Asamblea General,",
        "Recordando su resolución 12/34, de 5 de mayo de 2019{1}, y el documento A/75/399,",
        "1. Pide a todos los Estados partes que informen de sus existencias (TNP) antes de 2026{2};",
        "2. Decide volver a la cuestión en su próximo período de sesiones.",
        "1 A/75/81.",
        "2 Véase la resolución 12/35.",
    ),
    "fr": (
        "L’Assemblée générale,",
        "Rappelant sa résolution 12/34 du 5 mai 2019{1} et le document A/75/399,",
        "1. Prie tous les États parties de rendre compte de leurs stocks (TNP) avant 2026{2} ;",
        "2. Décide de revenir à la question à sa prochaine session.",
        "1 A/75/81.",
        "2 Voir résolution 12/35.",
    ),
    "ru": (
        "Генеральная Ассамблея,",
        "ссылаясь на свою резолюцию 12/34 от 5 мая 2019 года{1} и на документ A/75/399,",
        "1. просит все государства-участники сообщить о своих запасах (ДНЯО) до 2026 года{2};",
        "2. постановляет вернуться к вопросу на своей следующей сессии.",
        "1 A/75/81.",
        "2 См. резолюцию 12/35.",
    ),
    "zh": (
        "大会，",
        "回顾其2019年5月5日第12/34号决议{1}和A/75/399号文件，",
        "1. 请所有缔约国在2026年以前报告其库存(条约)；{2}",
        "2. 决定在下届会议再次审议这一问题。",
        "1 A/75/81。",
        "2 见第12/35号决议。",
    ),
}


def paragraphs(language: str) -> list[str]:
    """The paragraphs and footnotes as text: marks raised, footnotes last."""
    words = WORDS[language]
    body = [w.replace("{1}", "¹").replace("{2}", "²") for w in words[:4]]
    return [*body, *(w[0].translate(RAISED) + w[1:] for w in words[4:])]


def html(language: str) -> str:
    """The resolution as a page, with what pages have beside it."""
    words = WORDS[language]
    direction = "rtl" if language == "ar" else "ltr"
    body = "".join(f"<p>{w.replace('{1}', '<sup>1</sup>').replace('{2}', '<sup>2</sup>')}</p>" for w in words[:4])
    notes = "".join(f"<p class=note><sup>{w[0]}</sup>{w[1:]}</p>" for w in words[4:])
    fonts = '"Noto Naskh Arabic","DejaVu Serif","Noto Serif CJK SC"'
    style = f"body{{font-family:{fonts}}} .note{{font-size:75%}} sup{{font-size:60%}}"
    return (
        f"<!doctype html><html lang={language} dir={direction}><head><meta charset=utf-8><title>no title</title>"
        f"<style>{style}</style></head><body>{body}<hr>{notes}</body></html>"
    )


def pdf(*pages: bytes, extra: bytes = b"", compress: bool = False) -> bytes:
    """A PDF of the smallest kind: one content stream a page, Helvetica as /F1."""
    count = len(pages)
    kids = b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(count))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for i, content in enumerate(pages):
        packed = zlib.compress(content, 9) if compress else content
        kind = b"/Filter/FlateDecode" if compress else b""
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>%s>>>>" % (5 + 2 * i, extra)
        )
        objects.append(b"<</Length %d%s>>stream\n" % (len(packed), kind) + packed + b"\nendstream")
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for n, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % n + body + b"\nendobj\n")
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))
    return out.getvalue()


def drawn(*pieces: tuple[float, float, float, str]) -> bytes:
    """A content stream that draws (x, y, size, text) in Helvetica."""
    return b"".join(
        b"BT /F1 %.1f Tf %.1f %.1f Td (%s) Tj ET\n" % (size, x, y, text.encode("latin-1"))
        for x, y, size, text in pieces
    )


_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: str, **parts: str) -> bytes:
    """A DOCX of the smallest kind: the body of the document, and other parts of the folder ``word`` by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {_NAMESPACE}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:{name} {_NAMESPACE}>{content}</w:{name}>")
    return out.getvalue()
