"""The static site of a review: an index and a page a paragraph, in every language, without JavaScript or network.

``render_site`` returns paths and bytes; it writes nothing. The same review gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from stocktake.assessment.irreversibility import undoings
from stocktake.assessment.mirror import Mirrored, mirrored
from stocktake.assessment.review import ParagraphReview, Review, asks_no_act
from stocktake.publication.document import ReviewOut, json_schema, paragraph_document
from stocktake.publication.evidence_page import evidence_view
from stocktake.publication.mirrors import MirrorOut, mirror_document, mirror_view
from stocktake.publication.paragraph_page import Site, dom, paragraph_view, signs_of
from stocktake.publication.phrases import Tongue
from stocktake.publication.sentences import Sentence, fill, plain, telling
from stocktake.publication.side_pages import Beside, side_links, side_views
from stocktake.publication.sources import anchor
from stocktake.publication.summary import (
    ORDER,
    asked_of,
    label_of,
    limits_of,
    most_telling,
    moved,
    ordered_paragraphs,
    tally_of,
    to_whom,
    undetermined_line,
    verdicts,
    what_moved,
)
from stocktake.publication.tables import findings_csv
from stocktake.publication.undoing import IrreversibilityOut, undoing_document, undoing_view
from stocktake.publication.yardstick_page import yardstick_view
from stocktake.publication.yardsticks import Laid
from stocktake.register.commitments import Duty, Register
from stocktake.register.policy import Policy
from stocktake.texts.model import Document


def render_site(
    review: Review,
    document: ReviewOut,
    tongues: Sequence[Tongue],
    policy: Policy,
    text: Document | None,
    lang: str,
    beside: Beside,
    yardsticks: Sequence[Laid] = (),
) -> dict[str, bytes]:
    """Every file of the site by its path. ``lang`` is the language of the index at the root."""
    environment = _environment()
    files = {
        "review.json": document.model_dump_json(by_alias=True, indent=1) + "\n",
        "review.schema.json": json.dumps(json_schema(), indent=1, sort_keys=True) + "\n",
        "assets/style.css": environment.get_template("style.css").render(),
    }
    mirror = _mirror(review)
    if mirror is not None:
        files["mirror.json"] = mirror_document(mirror, list(tongues), document.known_at).model_dump_json(
            by_alias=True, indent=1
        )
        files["mirror.schema.json"] = json.dumps(MirrorOut.model_json_schema(by_alias=True), indent=1, sort_keys=True)
    if review.catalogue.irreversibility.measures:
        undone = undoing_document(review.catalogue, review.as_of, document.known_at)
        files["irreversibility.json"] = undone.model_dump_json(indent=1)
        files["irreversibility.schema.json"] = json.dumps(
            IrreversibilityOut.model_json_schema(), indent=1, sort_keys=True
        )
    for p in review.paragraphs:
        answer = paragraph_document(p, review, list(tongues), text)
        files[f"data/{p.paragraph.key.anchor}.json"] = answer.model_dump_json(by_alias=True, indent=1) + "\n"
        files[f"data/{p.paragraph.key.anchor}.csv"] = findings_csv(p)
    for t in tongues:
        site = Site(review, t, text, policy, document.known_at)
        files |= _pages(site, tongues, environment, at_root=t.code == lang)
        for name, view in side_views(review, beside, t).items():
            frame = _frame(site, tongues, "../", name)
            files[f"{t.code}/{name}"] = environment.get_template(name).render(**frame, **view)
        frame = _frame(site, tongues, "../", "yardsticks.html") | yardstick_view(review, yardsticks, t)
        page = environment.get_template("yardsticks.html")
        files[f"{t.code}/yardsticks.html"] = page.render(**frame, words=partial(t.of, "yardsticks"))
    return {name: content.encode() for name, content in sorted(files.items())}


def _mirror(review: Review) -> Mirrored | None:
    """The mirror that the site shows: the first group of the catalogue; None where it has none."""
    catalogue = review.catalogue
    first = catalogue.mirror.groups[:1]
    return mirrored(catalogue, first[0].members, as_of=review.as_of) if first else None


def _pages(site: Site, tongues: Sequence[Tongue], environment: Environment, *, at_root: bool) -> dict[str, str]:
    code = site.t.code
    index, page = environment.get_template("index.html"), environment.get_template("paragraph.html")
    files = {f"{code}/index.html": index.render(**_index(site, tongues, root="../", here=""))}
    if at_root:
        files["index.html"] = index.render(**_index(site, tongues, root="", here=f"{code}/"))
    view = evidence_view(site.review.catalogue, site.review.as_of, site.t)
    frame = _frame(site, tongues, "../", "evidence.html")
    files[f"{code}/evidence.html"] = environment.get_template("evidence.html").render(**frame, **view)
    if (mirror := _mirror(site.review)) is not None:
        frame = _frame(site, tongues, "../", "mirror.html")
        files[f"{code}/mirror.html"] = environment.get_template("mirror.html").render(
            **frame, **mirror_view(mirror, site.t)
        )
    catalogue = site.review.catalogue
    if catalogue.irreversibility.measures:
        frame = _frame(site, tongues, "../", "irreversibility.html")
        shown = undoing_view(catalogue, undoings(catalogue, site.review.as_of), site.t)
        files[f"{code}/irreversibility.html"] = environment.get_template("irreversibility.html").render(
            **frame, **shown
        )
    ordered = ordered_paragraphs(site.review)
    neighbours = zip([None, *ordered], ordered, [*ordered[1:], None], strict=False)
    for before, p, after in neighbours:
        frame = _frame(site, tongues, "../", f"{p.paragraph.key.anchor}.html")
        steps = {"before": _step(before, site.t), "after": _step(after, site.t)}
        files[f"{code}/{p.paragraph.key.anchor}.html"] = page.render(**frame, **steps, **paragraph_view(site, p))
    return files


def _step(p: ParagraphReview | None, t: Tongue) -> tuple[str, str] | None:
    return (p.paragraph.key.anchor, label_of(p, t)) if p else None


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("stocktake.publication", "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["linked"] = _linked
    environment.filters["anchor"] = anchor
    return environment


def _linked(sentence: Sentence) -> Markup:
    """A sentence as HTML: each sourced segment is a link to its row on the page."""
    link = Markup('<a class="fig" href="#{}">{}</a>')
    return Markup("").join(
        link.format(anchor(s.source), s.text) if s.source else Markup.escape(s.text) for s in sentence
    )


def _frame(site: Site, tongues: Sequence[Tongue], root: str, name: str) -> dict[str, Any]:
    """What every page carries: masthead, languages, phrases."""
    register, t = site.review.catalogue.register, site.t
    return {
        "t": t,
        "p": t.page,
        "colon": t.of("forms", "colon"),
        "semicolon": t.of("forms", "semicolon"),
        "comma": t.of("forms", "comma"),
        "open": t.of("forms", "open"),
        "close": t.of("forms", "close"),
        "lang": t.code,
        "root": root,
        "symbol": register.symbol,
        "title": register.title.in_(t.code),
        "adopted": t.date(register.adopted),
        "vote": _adoption(register, t),
        "as_of": site.review.as_of.isoformat(),
        "known_at": site.known_at,
        "others": [(o.code, o.page("name"), f"{root}{o.code}/{name}") for o in tongues if o.code != t.code],
    }


def _adoption(register: Register, t: Tongue) -> str:
    """The vote by which a register was adopted, or that there was none."""
    tally = register.tally
    return f"{tally['for']}-{tally['against']}-{tally['abstained']}" if tally else t.page("consensus")


def _index(site: Site, tongues: Sequence[Tongue], root: str, here: str) -> dict[str, Any]:
    t, register = site.t, site.review.catalogue.register
    sections: dict[str, list[dict[str, Any]]] = {"operative": [], "preambular": []}
    for p in ordered_paragraphs(site.review):
        sections[p.paragraph.key.section].append(_row(site, p, here))
    return {
        **_frame(site, tongues, root, "index.html"),
        "here": here,
        "side": side_links(here, t),
        "rows": sections,
        "summary": register.summary.in_(t.code),
        "limits": limits_of(site.review, t),
        "limits_href": _proof(site.review, register.limits_evidence, here),
        "signs": signs_of(verdicts(site.review.questions), t),
        "moved": _moved(site, here),
        "filters": _filters(site),
        "undetermined": undetermined_line(site.review, t),
        "undoing": f"{here}irreversibility.html" if site.review.catalogue.irreversibility.measures else "",
        "mirror": f"{here}mirror.html" if site.review.catalogue.mirror.groups else "",
    }


def _kinds(p: ParagraphReview) -> set[str]:
    """What a row can be filtered by: the duties of its clauses and the verdicts of its findings."""
    duties = {c.clause.duty.value for c in p.clauses} or {Duty.NONE.value}
    return {f"duty-{d}" for d in duties} | {f"sign-{v}" for v in tally_of(p)}


def _filters(site: Site) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of choices for the table: heading, then key and label of each. They work by style alone."""
    t, found = site.t, {kind for p in site.review.paragraphs for kind in _kinds(p)}
    duties = [(f"duty-{d.value}", t.of("duties", d.value)) for d in Duty if f"duty-{d.value}" in found]
    signs = [(f"sign-{v}", f"{t.of('signs', v)} {t.of('verdicts', v)}") for v in ORDER if f"sign-{v}" in found]
    return [(t.page("duty"), duties), (t.page("sum_signs"), signs)]


def _moved(site: Site, here: str) -> list[dict[str, Any]]:
    """What moved, by verdict, in the order of the paragraphs, each a link."""
    t = site.t
    rows: list[dict[str, Any]] = []
    for verdict, found in moved(site.review).items():
        links: dict[str, str] = {}
        for p, f in found:
            line = plain(fill(t, "moved_line", {"label": label_of(p, t), "what": what_moved(f, t)}))
            links.setdefault(line, f"{here}{p.paragraph.key.anchor}.html#{dom(f.id)}")
        signs = {"sign": t.of("signs", verdict), "word": t.of("verdicts", verdict), "key": verdict}
        rows.append({**signs, "links": list(links.items())})
    return rows


def _proof(review: Review, statements: Sequence[str], here: str) -> str:
    """Where the site shows the first of these statements as evidence; empty where it does not."""
    for p in review.paragraphs:
        shown = {s.id for f in p.findings for s in f.outcome.evidence}
        for id in statements:
            if id in shown:
                return f"{here}{p.paragraph.key.anchor}.html#{anchor(id)}"
    return ""


def _row(site: Site, p: ParagraphReview, here: str) -> dict[str, Any]:
    t = site.t
    href = f"{here}{p.paragraph.key.anchor}.html"
    return {
        "label": label_of(p, t),
        "href": href,
        "to": to_whom(p, t),
        "asked": asked_of(p, t),
        "paraphrase": p.paragraph.paraphrase.in_(t.code),
        "no_act": asks_no_act(p),
        "kinds": " ".join(sorted(_kinds(p))),
        "tally": signs_of(tally_of(p), t),
        "no_indicator": not p.findings,
        "evidence_only": any(f.outcome.evidence for f in p.findings),
        "telling": [(plain(telling(f, id, t)), f"{href}#{dom(f.id)}") for f, id in most_telling(p)],
    }
