"""The styles of an official paper as one table: names of fonts only, because the fonts themselves are not ours to give (rules.md 4.1).

Body 3号 (16 pt) on an exact pitch of 28.95 pt with runs drawn together by a quarter point gives 22 lines of 28 characters in Word, WPS and
LibreOffice; a character grid gives half of that in LibreOffice (libraries.md 5.1).
"""

from __future__ import annotations

from typing import Final, NamedTuple

SONG_HEAD: Final = "方正小标宋简体"
FANG: Final = "仿宋_GB2312"
KAI: Final = "楷体_GB2312"
HEI: Final = "黑体"
SONG: Final = "宋体"
LATIN: Final = "Times New Roman"
LINE: Final = 579  # twentieths of a point: 225 mm / 22
BODY: Final = 16  # points; LibreOffice gives two lines of the grid to a larger type
RED: Final = "FF0000"
SPACE: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


class Style(NamedTuple):
    """A paragraph style. `size` in points, `line` in twentieths of a point (exact), `indent` in characters."""

    key: str
    name: str
    font: str = FANG
    size: float = 16
    line: int = LINE
    align: str = "both"
    indent: int = 0
    colour: str = ""
    level: int | None = None
    keep: bool = False


STYLES: Final = (
    Style("Title", "Title", SONG_HEAD, 22, align="center", keep=True),
    Style("PageTitle", "表单标题", SONG_HEAD, 22, line=640, align="center", keep=True),
    Style("RedHead", "发文机关标志", SONG_HEAD, 40, line=1100, align="center", colour=RED),
    Style("DocumentNumber", "发文字号", align="center"),
    Style("Addressee", "主送机关"),
    Style("Body", "公文正文", indent=2),
    Style("Heading1", "heading 1", HEI, indent=2, align="left", level=0, keep=True),
    Style("Heading2", "heading 2", KAI, indent=2, align="left", level=1, keep=True),
    Style("AnnexMark", "附件标识", HEI, align="left", keep=True),
    Style("Signature", "署名日期", align="right"),
    Style("Imprint", "版记", size=14, line=500),
    Style("Source", "数据底稿", SONG, 9, line=260, align="left"),
    Style("TableText", "表格文字", size=12, line=340, align="left"),
    Style("TableHead", "表头", HEI, 12, line=340, align="center"),
    Style("DenseText", "密排表格文字", size=10, line=270, align="left"),
    Style("DenseHead", "密排表头", HEI, 10, line=280, align="center"),
    Style("FineText", "细排表格文字", size=9, line=230, align="left"),
    Style("FineHead", "细排表头", HEI, 9, line=230, align="center"),
    Style("TableNote", "表注", size=12, line=380, align="left"),
    Style("FormHeading", "表前标题", HEI, 13, line=440, align="left", keep=True),
    Style("Answer", "首句", HEI, 15, line=500, align="left"),
    Style("CheckCode", "校验码", HEI, 20, line=640, align="center"),
    Style("PageNumber", "页码", SONG, 14, line=360, align="left"),
    Style("End", "结尾", size=1, line=140),
)  # fmt: skip
LABEL: Final = "Label"  # the character style of a word that opens a sentence: 目标、现状、…
LEADING: Final = "Leading"  # the character style of a second level's heading that begins its paragraph


def styles_xml() -> str:
    """The whole styles part."""
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_fonts(FANG)}"
        '<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f'<w:pPr><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:spacing w:line="{LINE}" w:lineRule="exact"/>'
        '<w:jc w:val="both"/></w:pPr><w:rPr><w:spacing w:val="-5"/></w:rPr></w:style>'
    )
    character = (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        f'<w:style w:type="character" w:customStyle="1" w:styleId="{LABEL}"><w:name w:val="段首词"/><w:qFormat/>'
        f"<w:rPr>{_fonts(KAI)}<w:b/></w:rPr></w:style>"
        f'<w:style w:type="character" w:customStyle="1" w:styleId="{LEADING}"><w:name w:val="段首标题"/><w:qFormat/>'
        f"<w:rPr>{_fonts(KAI)}</w:rPr></w:style>"
    )
    table = (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="85" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    )
    own = "".join(_style(style) for style in STYLES)
    return f"<w:styles {SPACE}>{defaults}{normal}{character}{table}{own}</w:styles>"


def _fonts(font: str) -> str:
    return f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{font}" w:cs="{LATIN}"/>'


def _style(style: Style) -> str:
    builtin = style.name in {"Title", "heading 1", "heading 2"}
    custom = "" if builtin else ' w:customStyle="1"'
    keep = "<w:keepNext/>" if style.keep else ""
    indent = (
        f'<w:ind w:firstLineChars="{style.indent * 100}" w:firstLine="{style.indent * 315}"/>'
        if style.indent
        else ""
    )
    level = f'<w:outlineLvl w:val="{style.level}"/>' if style.level is not None else ""
    colour = f'<w:color w:val="{style.colour}"/>' if style.colour else ""
    grid = "" if style.line == LINE and style.size <= BODY else '<w:snapToGrid w:val="0"/>'
    size = round(style.size * 2)
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{style.key}"><w:name w:val="{style.name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{keep}{grid}'
        f'<w:spacing w:line="{style.line}" w:lineRule="exact"/>{indent}<w:jc w:val="{style.align}"/>{level}</w:pPr>'
        f'<w:rPr>{_fonts(style.font)}{colour}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )
