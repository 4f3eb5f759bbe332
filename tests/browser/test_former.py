"""The old team comes in: read by one, looked at and taken in by another, and its expert signs before all else."""

import re
import secrets
from datetime import date

import pytest

from expertteam import clock
from expertteam.workbooks import book
from recruitment.former_file import SHEET, TITLES
from tests.browser.conftest import SIZES
from tests.browser.test_accessibility import faults
from tests.browser.test_reflow import narrow, outside

pytestmark = pytest.mark.browser


def test_a_table_is_read_looked_at_taken_in_and_its_expert_signs(visitor, tmp_path):
    row = somebody()
    file = tmp_path / f"{row['聘书编号']}.xlsx"
    file.write_bytes(
        book({SHEET: (TITLES, [[row.get(title, "") for title in TITLES]])}, clock.instant(date(2026, 1, 1)))
    )
    clerk = visitor().sign_in("intake")
    clerk.go("/admin/former/read/").get_by_label("原专家团名单").set_input_files(file)
    with clerk.page.expect_navigation():
        clerk.press("试读")
    clerk.says("还没有写入")

    takes_in(visitor().sign_in("reviewer"), clerk.page.url, row)
    signs(visitor("phone", bypass_csp=True, reduced_motion="reduce"), row)  # axe sees no colour on its way


def somebody() -> dict:
    """A person nobody knows yet."""
    serial = f"{secrets.randbelow(10**8):08}"
    return {
        "姓名": "程远山", "证件类型": "护照", "证件号码": f"E{serial}", "手机号": f"139{serial}", "聘书编号": f"并创〔2024〕{serial}号",
        "聘期首日": "2024-09-01", "聘期末日": "2027-08-31", "类别": "3", "擅长领域": "风险评估", "工作单位": "太原某学院",
    }  # fmt: skip


def takes_in(reviewer, address, row):
    """What he compares with the papers is on the page, and the numbers are in the sheet."""
    reviewer.go(address)
    reviewer.says(f"139****{row['手机号'][-4:]}")
    reviewer.says("太原某学院")
    reviewer.picture("former")
    with reviewer.page.expect_download() as download:
        reviewer.page.locator("main").get_by_role("link", name="下载名单全文").click()
    assert download.value.suggested_filename.startswith("原专家团名单全文")
    reviewer.follow("导入", exact=True)
    reviewer.page.get_by_label("我已和原聘任文件逐行核对").check()
    with reviewer.page.expect_navigation():
        reviewer.press("导入")
    reviewer.says("已导入")
    assert reviewer.page.locator("main").get_by_role("link", name="撤销导入").count() == 0


def signs(expert, row):
    """By a code to his number; the page before his desk has no fault and fits."""
    expert.go("/accounts/login/code/").get_by_label("手机号").fill(row["手机号"])
    expert.press("获取验证码")
    asked = expert.page.url
    told = expert.go("/demo/outbox/").locator("main li", has_text=row["手机号"][-4:]).all_inner_texts()
    code = re.search(r"(?<!\d)\d{6}(?!\d)", "\n".join(told))
    expert.go(asked).get_by_label("验证码").fill(code[0])
    expert.press("登录")
    expert.go("/desk/")
    assert expert.page.url.endswith("/desk/pledge/")
    expert.picture("pledge")
    assert faults(expert.page, SIZES) == []
    assert outside(narrow(expert).page) == []
    expert.page.get_by_role("checkbox").first.check()
    expert.press("签署")
    expert.says("已签署保密承诺")
