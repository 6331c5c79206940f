#!/bin/sh
# 督办系统离线安装、升级：sh install.sh [安装目录]。不联网；再次运行即为升级。
# Installs or upgrades without a network: sh install.sh [FOLDER]. Run it again to upgrade.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
target=${1:-/opt/duban}
python=${PYTHON:-python3}
stamp=$(date +%Y%m%d-%H%M%S)
version=$(cat "$here/VERSION")
lock_file=data/in-use.lock

say() { printf '%s\n' "$*"; }
fail() { printf '安装没有完成：%s\n' "$*" >&2; exit 1; }

say "1/6 核对安装包"
[ "$(uname -s)/$(uname -m)" = "Linux/x86_64" ] || fail "安装包只适用于 x86-64 的 Linux，本机是 $(uname -s)/$(uname -m)。"
command -v "$python" >/dev/null 2>&1 || fail "本机没有 $python，请先安装 Python 3.11 或更新的版本。"
"$python" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    fail "$python 低于 3.11 或缺少 venv。可用 PYTHON=/路径/python3.11 sh install.sh 指定。"
(cd "$here" && sha256sum --check --strict --quiet SHA256SUMS) || fail "安装包不完整或已被改动，请重新复制。"

mkdir -p "$target" || fail "无法建立 $target。"
target=$(cd "$target" && pwd)
mkdir -p "$target/releases" "$target/backups" "$target/data"
chmod 700 "$target/backups" "$target/data"
release="$target/releases/$version-$stamp"
old=""
[ -L "$target/current" ] && old=$(readlink -f "$target/current")

say "2/6 安装程序 $version 到 $release"
trap 'rm -rf "$release"' EXIT
unset PIP_REQUIRE_VIRTUALENV PIP_TARGET PIP_PREFIX PIP_USER PYTHONPATH PYTHONHOME
PIP_CONFIG_FILE=/dev/null PIP_DISABLE_PIP_VERSION_CHECK=1
export PIP_CONFIG_FILE PIP_DISABLE_PIP_VERSION_CHECK
"$python" -m venv --without-pip "$release" || fail "无法建立 Python 环境。"
pip=$(echo "$here"/tools/pip-*.whl)
for list in runtime duban; do
    "$release/bin/python" "$pip/pip" --isolated --quiet install --no-index --no-deps \
        --find-links "$here/wheels" --require-hashes -r "$here/requirements/$list.txt" ||
        fail "程序包没有装上，原因见上。"
done
"$release/bin/duban" --version >/dev/null || fail "程序不能运行，原因见上。"

write_launcher() {
    cat >"$target/duban.new" <<LAUNCHER
#!/bin/sh
# 在任何位置运行：$target/duban 命令。设置写在 duban.env，一行一个 名称=值。
here=$target
export DUBAN_DATA_DIR="\$here/data"
if [ -f "\$here/duban.env" ]; then
    while IFS= read -r line || [ -n "\$line" ]; do
        case "\$line" in [A-Z]*=*) export "\$line" ;; esac
    done <"\$here/duban.env"
fi
exec "\${DUBAN_RELEASE:-\$here/current}/bin/duban" "\$@"
LAUNCHER
    chmod 755 "$target/duban.new"
    mv -f "$target/duban.new" "$target/duban"
    if [ ! -f "$target/duban.env" ]; then
        (umask 077 && cp "$here/duban.env.sample" "$target/duban.env")
    fi
    sed "s|@TARGET@|$target|g; s|@USER@|$(id -un)|g" "$here/duban.service.in" >"$target/duban.service"
}

# The site shares this lock for as long as it runs; here it is taken alone and kept to the end.
exec 9>>"$target/$lock_file"
if command -v flock >/dev/null 2>&1; then
    flock --exclusive --nonblock 9 || fail "网站正在运行，请先停止（systemctl stop duban），再升级。原有程序和数据未改动。"
fi

backup=""
if [ -n "$old" ]; then
    backup="$target/backups/before-$version-$stamp.zip"
    say "3/6 升级前备份到 $backup"
    "$target/duban" backup "$backup" || fail "备份没有成功，未升级，原有程序和数据未改动。"
    "$target/duban" restore "$backup" --verify-only || fail "备份没有通过核对，未升级，原有程序和数据未改动。"
else
    say "3/6 首次安装，没有需要备份的数据"
fi

say "4/6 建立或升级数据库"
write_launcher
if ! DUBAN_RELEASE="$release" "$target/duban" migrate; then
    if [ -n "$backup" ]; then
        exec 9>&-
        "$target/duban" restore "$backup" || fail "数据库升级没有成功。请用升级前的备份恢复：$target/duban restore $backup"
        fail "数据库升级没有成功，已恢复到升级前的程序和数据。"
    fi
    fail "数据库没有建成，原因见上。"
fi

say "5/6 启用新程序"
trap - EXIT
ln -s "$release" "$target/current.new"
mv -Tf "$target/current.new" "$target/current"
rm -rf "$target/docs.new" && cp -r "$here/docs" "$target/docs.new" && rm -rf "$target/docs" && mv "$target/docs.new" "$target/docs"

say "6/6 核验操作日志"
"$target/duban" verify-history || fail "操作日志没有通过核验，请不要启动网站，并联系维护人员。"

say ""
say "已装好 $version。接下来："
if [ -n "$old" ]; then
    say "  1. 启动网站：systemctl start duban，或 $target/duban serve"
    say "  2. 旧程序保留在 $old"
    say "     升级前的备份是 $backup"
    say "     退回旧版的做法见 $target/docs/operate/offline-install.zh-CN.md 第五节"
else
    say "  1. 按需修改设置：$target/duban.env"
    say "  2. 导入清单：$target/duban import 文件 --directory 名录 --publish"
    say "  3. 开通账号：$target/duban account 用户名 --name 姓名 --government 名录 --role supervisor"
    say "  4. 启动网站：$target/duban serve    （作为服务运行：$target/duban.service）"
    say "  5. 每天备份：$target/duban backup $target/backups"
fi
