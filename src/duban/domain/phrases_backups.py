"""Sentences about backup and restore, code -> (Chinese, English)."""

from typing import Final

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "backup.cannot_write": (
        "无法写入“{name}”：{reason}。请检查磁盘空间和权限。",
        "“{name}” cannot be written: {reason}. Check free space and permissions.",
    ),
    "backup.damaged": (
        "“{name}”不是完整的备份文件，可能没有复制完或已被改动。请换另一份备份。",
        "“{name}” is not a whole backup: it may be half copied or altered. Use another one.",
    ),
    "backup.database_failed": (
        "数据库读写没有成功：{reason}",
        "The database could not be read or written: {reason}",
    ),
    "backup.exists": (
        "文件“{name}”已经存在，请换一个文件名。",
        "The file “{name}” is there already. Choose another name.",
    ),
    "backup.in_use": (
        "网站或其他命令正在使用数据。请先停止网站，再恢复。原有数据未改动。",
        "The site or another command is using the data. Stop the site first. Nothing was changed.",
    ),
    "backup.newer": (
        "这份备份由更新的版本（{made}）生成，本机是 {here} 版。请先升级本机，再恢复。",
        "This backup was made by a newer version ({made}); this is {here}. Upgrade first.",
    ),
    "backup.no_database": (
        "这里没有本系统的数据库，无法备份或恢复。",
        "There is no database of this system here.",
    ),
    "backup.no_right": (
        "数据库用户“{user}”没有新建数据库的权限，无法恢复。请数据库管理员授予 CREATEDB 权限后再试。",
        "The database user “{user}” may not create databases. Have CREATEDB granted and try again.",
    ),
    "backup.no_tool": (
        "本机没有 {tool}。请安装与数据库服务器同版本的 PostgreSQL 客户端后再试。",
        "{tool} is not on this machine. Install the PostgreSQL client of the server's version.",
    ),
    "backup.other_kind": (
        "这份备份来自 {made} 数据库，本机使用 {here}，不能恢复。",
        "This backup is of a {made} database; this installation uses {here}.",
    ),
    "backup.restoring": (
        "正在恢复数据，请等恢复完成后再启动。",
        "A restore is under way. Start again when it is done.",
    ),
    "backup.tool_failed": (
        "{tool} 没有成功：{reason}",
        "{tool} failed: {reason}",
    ),
    "backup.unsound": (
        "备份中的数据没有通过核验：{reason}。原有数据未改动，请换另一份备份。",
        "The data in the backup did not pass verification: {reason}. Nothing was changed; use another backup.",
    ),
}
