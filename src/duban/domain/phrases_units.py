"""Sentences about a unit's own sheets on the page and as a workbook. Ordered by code."""

from typing import Final

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "units.choose_first": (
        "有 {count} 处两边都改过，请逐处选定用哪一个，再确认写入。",
        "{count} cells were changed on both sides. Choose one for each, then confirm.",
    ),
    "units.nodes_of_the_lead": (
        "编号 {number} 由其他单位牵头，“{column}”由牵头单位填写，这处改动没有采用。",
        "Number {number} is led by another unit, which fills in “{column}”; this edit was not taken.",
    ),
    "units.no_such_period": ("这份清单没有开始“{period}”的报送。", "This list has no period “{period}”."),
    "units.no_such_unit": ("没有找到单位“{name}”。", "There is no unit “{name}”."),
    "units.not_merged": (
        "文件有 {count} 处没有读懂或两边都改过，未作任何改动。",
        "{count} cells cannot be read or were changed on both sides; nothing was written.",
    ),
    "units.nothing_owed": ("“{name}”没有需要填写的任务。", "“{name}” has no rows to fill in."),
    "units.workbook_lost": (
        "上传内容不完整，请重新选择文件上传。",
        "The upload came back incomplete. Choose the file again.",
    ),
}
