"""A list leaves the house as Excel, for a reason, and who answers for that sees it (without script as well)."""

import pytest
from openpyxl import load_workbook

pytestmark = pytest.mark.browser
REASON = "评审会前核对名单"


def kept(visitor, folder):
    """The file that the button gives."""
    with visitor.page.expect_download() as download:
        visitor.page.locator("main").get_by_role("button", name="导出Excel").click()
    path = folder / "list.xlsx"
    download.value.save_as(path)
    return list(load_workbook(path).active.iter_rows(values_only=True))


@pytest.mark.parametrize(("size", "script"), [("desk", True), ("phone", False)])
def test_a_list_goes_out_for_a_reason_and_stays_on_record(visitor, tmp_path, size, script):
    clerk = visitor(size, java_script_enabled=script).sign_in("intake")
    clerk.go("/admin/applications/?state=all")
    clerk.picture("export-list")
    clerk.follow("导出Excel")
    clerk.press("导出Excel")
    clerk.says("请填写导出事由")
    clerk.picture("export-refused")
    clerk.page.get_by_label("导出事由").fill(REASON)

    (mark, *_), heads, *rows, _ = kept(clerk, tmp_path)

    assert heads[:2] == ("申请人", "编号")
    assert len(rows) > 5
    assert f"事由：{REASON}" in mark
    assert all("****" in row[heads.index("手机号")] for row in rows)

    inspector = visitor(size).sign_in("inspector")
    inspector.go("/admin/expertteam/listexport/")
    inspector.says(REASON)
    inspector.says("状态：全部")
    inspector.picture("export-record")
    inspector.follow("导出Excel")
    inspector.says("名单导出")
    inspector.picture("export-asked")
