"""Supervision orders: 督办单 to units under command, 督查函 to bodies outside it, and the reply slip (回执) on a page of its own."""

from __future__ import annotations

from typing import Final

from duban.publishing.contents import OrderContent, OrderForm, PaperKind
from duban.publishing.docx_parts import node
from duban.publishing.docx_styles import LABEL, LINE, RED
from duban.publishing.docx_tables import TWIPS_PER_MM, Cell, Row, paragraph_of, run_of, twips
from duban.publishing.official import LETTER, OFFICIAL, Imprint, Paper
from duban.publishing.paper_words import day_words, lines_of

SLIP = (32.0, 46.0, 28.0, 50.0)
LEAD: Final = 35.0  # millimetres from the top of the type area to the red mark
CHARACTERS: Final = 29  # of a line of the body, one to spare


def write_order(content: OrderContent) -> bytes:
    """The .docx: the order, then its reply slip. One matter, one order, one addressee (rules.md 4.2)."""
    is_letter = content.form is OrderForm.LETTER
    paper = Paper(LETTER if is_letter else OFFICIAL)
    (_letter_head if is_letter else _notice_head)(paper, content)
    _order(paper, content)
    _slip(paper, content)
    lines = (f"抄送：{content.copies_to}。",) if content.copies_to else ()
    paper.imprint(Imprint(lines, "" if is_letter else content.basis.issuer), content.basis)
    return paper.finish(f"{content.number} {content.title}", PaperKind.ORDER, content.basis)


def _notice_head(paper: Paper, content: OrderContent) -> None:
    """The mark 35 mm below the top of the type area, the urgency in the first line above it, the number below two empty lines."""
    if content.urgency:
        paper.paragraph("AnnexMark", content.urgency)
    paper.red_head(content.head, LEAD - (LINE / TWIPS_PER_MM if content.urgency else 0))
    paper.blank(2)
    paper.red_rule(content.number)


def _letter_head(paper: Paper, content: OrderContent) -> None:
    """A letter: the double red rule, thick over thin, under the mark; the number at the right, the urgency at the left (信函格式)."""
    paper.red_head(content.head)
    border = node("pBdr", node("top", val="thickThinSmallGap", sz=24, space=1, color=RED))
    tabs = node("tabs", node("tab", val="right", pos=twips(paper.page.text_width)))
    rule = node("ind", left=-twips(9), right=-twips(5))
    thin = node("spacing", before=160, line=60, lineRule="exact")
    paper.add(paragraph_of("DocumentNumber", pBdr=border, spacing=thin, ind=rule))
    paper.add(
        paragraph_of(
            "DocumentNumber",
            run_of(f"{content.urgency}\t{content.number}"),
            tabs=tabs,
            jc=node("jc", val="left"),
        )
    )
    paper.letter_foot()


def _order(paper: Paper, content: OrderContent) -> None:
    """From the title to the signature, on a second page where the text asks for it; two lines at least go with the signature."""
    paper.blank()
    paper.title(content.title)
    paper.blank()
    paper.paragraph("Addressee", f"{content.addressee}：")
    texts = _texts(content)
    kept = _kept([text for _, text in texts])
    for place, (label, text) in enumerate(texts):
        runs = [run_of(label, LABEL)] if label else []
        held = {"keepNext": node("keepNext")} if place >= len(texts) - kept else {}
        paper.add(paragraph_of("Body", *runs, run_of(text), **held))
    paper.paragraph("Addressee", "", keepNext=node("keepNext"))
    paper.signature(content.basis.issuer, content.basis.on)


def _kept(texts: list[str]) -> int:
    """How many of the last paragraphs the signature holds: two where the last one may be a single line."""
    return 1 if lines_of(f"　　{texts[-1]}", CHARACTERS) > 1 else 2


def _texts(content: OrderContent) -> list[tuple[str, str]]:
    """The paragraphs of an order, each with the label that opens it or ""; the last says by when and whom to answer."""
    asked = "商请事项：" if content.form is OrderForm.LETTER else "办理要求："
    sections = (
        ("督办事项：", ("".join(content.matter),)),
        ("督办依据：", ("".join(content.grounds),)),
        (asked, content.requirement),
    )
    texts = [("" if place else label, text) for label, said in sections for place, text in enumerate(said)]
    last = f"请于{day_words(content.due_on)}前将办理情况连同回执送{content.basis.issuer}。{_contact(content)}"
    return [*texts, ("", last)]


def _contact(content: OrderContent) -> str:
    """Whom to ask; what is unknown is left out, because nobody writes into the text of an order by hand."""
    named = (("联系人", content.contact.strip()), ("联系电话", content.phone.strip()))
    known = [f"{label}：{value}" for label, value in named if value]
    return f"{'，'.join(known)}。" if known else ""


def _slip(paper: Paper, content: OrderContent) -> None:
    paper.new_page("Title", "回　　执")
    paper.blank()
    paper.paragraph("Addressee", f"{content.basis.issuer}：")
    paper.body((f"{content.number}《{content.title}》收悉，现将办理情况回复如下。",))
    paper.form(
        SLIP,
        (
            _line(12, "承办单位", content.addressee, "回复时限", day_words(content.due_on)),
            _line(12, "签收人", "", "签收日期", "　　　年　　月　　日"),
            _wide(40, "办理结果"),
            _wide(26, "存在问题及\n下一步安排"),
            _line(12, "填报人", "", "联系电话", ""),
            _wide(28, "单位负责同志\n签字、盖章", "\n（盖章）　　　　年　　月　　日"),
        ),
    )


def _line(height: float, *texts: str) -> Row:
    name, value, other, more = texts
    cells = (Cell(name, style="TableHead", align="center"), Cell(value))
    return Row((*cells, Cell(other, style="TableHead", align="center"), Cell(more)), height)


def _wide(height: float, name: str, text: str = "") -> Row:
    align = "right" if text else "left"
    return Row((Cell(name, style="TableHead", align="center"), Cell(text, span=3, align=align)), height)
