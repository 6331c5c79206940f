"""The sample as a web page saved from a government site, with everything that surrounds the text on such a page."""

from __future__ import annotations

from html import escape
from typing import Final

from sample_data import LABEL, SEPARATOR, Chance, Sample, SampleTask

HEAD: Final = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="SiteName" content="云江市人民政府">
<meta name="ArticleTitle" content="{heading}">
<meta name="PubDate" content="{published}">
<title>{heading}_市政府文件_云江市人民政府</title>
<style>.view TD {{font-size: 16px}} .nav li {{float: left}}</style>
<script>var columnId = "yjzf"; function doZoom(size) {{ document.getElementById("zoom").style.fontSize = size + "px"; }}</script>
</head>
<body>
<div class="header"><a href="/">云江市人民政府</a> <a href="/en/">English</a> <a href="/wza/">无障碍浏览</a> <a href="/login/">登录</a></div>
<ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/zwfw/">政务服务</a></li>\
<li><a href="/hdjl/">互动交流</a></li><li><a href="/sjfb/">数据发布</a></li></ul>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/zwgk/wj/">市政府文件</a></div>
<h1 class="title">{heading}</h1>
<div class="info">发布日期：{published}&nbsp;&nbsp;信息来源：市政府办公室&nbsp;&nbsp;字体：[<a href="javascript:doZoom(18)">大</a> \
<a href="javascript:doZoom(16)">中</a> <a href="javascript:doZoom(14)">小</a>]&nbsp;&nbsp;<a href="javascript:window.print()">打印本页</a></div>
<div id="zoom" class="view">
"""

FOOT: Final = """</div>
<div class="share">分享到：<a href="#">微信</a> <a href="#">微博</a></div>
<div class="related"><h3>相关解读</h3><ul>
<li><a href="/zwgk/jd/1.html">一图读懂：2026年市政府重点任务怎么干</a></li>
<li><a href="/zwgk/jd/2.html">市政府办公室负责人答记者问</a></li></ul></div>
<div class="footer"><p>主办：云江市人民政府办公室　承办：市政务服务和数据局</p>
<p>网站标识码：0000000000　备案号：无（示例页面）</p><p><a href="/about/">关于我们</a> | <a href="/map/">网站地图</a></p></div>
<script>document.write("<span style='display:none'>visit</span>");</script>
</body>
</html>
"""


def saved_page(sample: Sample) -> str:
    """Make the page, markup and all."""
    chance = Chance(f"{sample.document_number} html")
    notice = sample.notice
    parts = [HEAD.format(heading=escape(notice.heading), published=sample.published_on.isoformat())]
    parts.append(_paragraph(sample.document_number, 'style="text-align:center"'))
    parts.extend(_paragraph(text) for text in notice.paragraphs)
    parts.append(_paragraph(f"{notice.signature}&emsp;&emsp;", 'align="right"'))
    parts.append(_paragraph(f"{notice.signed}&emsp;&emsp;", 'align="right"'))
    parts.append(_paragraph(notice.note))
    parts.append("<p>&nbsp;</p>\n")
    parts.append(_paragraph(f"<strong>{sample.title}</strong>", 'align="center"'))
    before: SampleTask | None = None
    for task in sample.tasks:
        parts.append(_headings(task, before))
        parts.append(_task(task, chance))
        before = task
    parts.append(_paragraph(notice.printing))
    return "".join(parts) + FOOT


def _headings(task: SampleTask, before: SampleTask | None) -> str:
    chapter, section = task.path
    new_chapter = before is None or before.path[0] != chapter
    lines = _paragraph(f"<strong>{escape(chapter)}</strong>") if new_chapter else ""
    if before is None or before.path != task.path:
        lines += _paragraph(f'<span style="font-family:楷体">{escape(section)}</span>')
    return lines


def _task(task: SampleTask, chance: Chance) -> str:
    """Give a paragraph to the task; its units follow after a line break, in a paragraph of their own, or behind the text."""
    text = f"{task.number}.{escape(task.text)}"
    if chance.happens(0.3):
        cut = len(str(task.number)) + 1 + chance.between(4, 12)
        text = f'{text[:cut]}<span style="letter-spacing:0">{text[cut:]}</span>'
    units = LABEL + SEPARATOR.join(task.units)
    if chance.happens(0.3):
        return _paragraph(text) + _paragraph(f"<strong>{units}</strong>")
    return _paragraph(text + ("<br>\n&emsp;&emsp;" if chance.happens(0.6) else "") + units)


def _paragraph(html: str, attributes: str = "") -> str:
    return f"<p{' ' if attributes else ''}{attributes}>&emsp;&emsp;{html}</p>\n"
