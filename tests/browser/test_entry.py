"""One expert's whole entry, as the people who take part in it see it."""

import re

import pytest

from tests.make import PDF

pytestmark = pytest.mark.browser
NAME = "林知夏"
FILE = {"name": "材料.pdf", "mimeType": "application/pdf", "buffer": PDF}


def test_from_application_to_directory(visitor):
    applicant, number = apply(visitor("phone").sign_in("client"))

    first_review(visitor().sign_in("intake"), number)
    review_and_publish(visitor().sign_in("reviewer"), number)
    appoint(visitor().sign_in("leader"), number)

    certificate = applicant_sees_the_certificate(applicant)
    the_public_finds_the_expert(visitor("phone"), certificate)


def apply(applicant):
    applicant.go("/apply/")
    applicant.press("开始报名")
    applicant.picture("apply-tasks")
    chooses_a_kind(applicant)
    tells_who_he_is(applicant)
    tells_his_history(applicant)
    tells_his_skills(applicant)
    hands_in_evidence(applicant)
    signs_the_pledges(applicant)

    applicant.go("/apply/check/")
    applicant.picture("apply-check")
    applicant.press("提交报名")
    applicant.picture("apply-done")

    page = applicant.go("/apply/")
    applicant.picture("apply-course")
    return applicant, re.search(r"SQ ?\d{4} ?\d{4}", page.locator("main").inner_text())[0]


def chooses_a_kind(applicant):
    page = applicant.go("/apply/kind/")
    page.get_by_label("职业经理人与专业技术人员").check()
    page.get_by_label("选第二类的，是哪方面的").select_option("职业经理人")
    applicant.picture("apply-kind")
    applicant.press("保存并返回清单")


def tells_who_he_is(applicant):
    page = applicant.go("/apply/basics/")
    page.get_by_label("姓名").fill(NAME)
    page.get_by_label("证件类型").select_option("居民身份证")
    page.get_by_label("证件号码").fill("110105194912310021")
    page.get_by_label("工作单位").fill("太原某农机公司")
    page.get_by_label("职务").fill("总经理")
    page.get_by_label("所在区县").select_option("小店区")
    applicant.press("保存并返回清单")
    applicant.picture("apply-basics-wrong")
    assert page.title().startswith("有错误：")
    assert page.get_by_label("工作单位").input_value() == "太原某农机公司"
    page.get_by_label("证件号码").fill("11010519491231002x")
    applicant.press("保存并返回清单")


def tells_his_history(applicant):
    page = applicant.go("/apply/history/new/")
    page.get_by_label("单位", exact=True).fill("太原某农机公司")
    page.get_by_label("职务或工作内容").fill("总经理")
    page.get_by_label("开始年月").fill("2016-03")
    page.get_by_label("至今").check()
    page.get_by_label("创办或经营管理过这家单位").check()
    applicant.press("保存这段经历")
    applicant.says("10年9个月")
    applicant.picture("apply-history")


def tells_his_skills(applicant):
    page = applicant.go("/apply/skills/")
    page.get_by_label("经营管理").check()
    page.get_by_label("融资贷款").check()
    page.get_by_label("一句话介绍").fill("农机和加工企业怎么管，能帮您理顺")
    page.get_by_label("个人经历").first.fill("经营农机企业十年。")
    applicant.press("保存并添加案例")
    page.get_by_label("被辅导的创业者或企业").fill("清徐一家醋坊")
    page.get_by_label("年份").fill("2024")
    page.get_by_label("做了什么，结果怎样").fill("帮助理清成本和账期，当年扭亏。")
    applicant.press("保存这个案例")
    applicant.picture("apply-skills")


def hands_in_evidence(applicant):
    page = applicant.go("/apply/proof/")
    for label in ["身份证件", "近照", "学历证书", "成功案例确认", "劳动合同或任职文件"]:
        page.get_by_label(label).set_input_files(FILE)
    applicant.press("保存并返回清单")
    page = applicant.go("/apply/proof/")
    applicant.picture("apply-proof")


def signs_the_pledges(applicant):
    page = applicant.go("/apply/pledge/")
    for box in page.get_by_role("checkbox").all():
        assert not box.is_checked()
        box.check()
    applicant.press("保存并返回清单")


def first_review(officer, number):
    page = officer.go("/admin/")
    officer.picture("today-intake")
    officer.opens(number)
    officer.picture("application-intake")
    verify = page.get_by_role("button", name="核验", exact=False)
    while verify.count():
        verify.first.click()
        page.wait_for_load_state()
    while (open_item := page.locator("summary", has_text="记下核实结果")).count():
        open_item.first.click()
        form = page.locator("details[open] form")
        form.get_by_label("符合", exact=True).check()
        form.locator("input[type=text], textarea").first.fill("已核实原件和本人陈述")
        form.get_by_role("button", name="记下").click()
        page.wait_for_load_state()
    officer.picture("application-settled")
    officer.follow("初审推荐")
    page.get_by_label("初审意见").fill("材料齐全，符合条件")
    officer.press("初审推荐")
    officer.says("已推荐")


def review_and_publish(reviewer, number):
    page = reviewer.go("/admin/")
    reviewer.opens(number)
    reviewer.follow("审核通过")
    page.get_by_label("审核意见").fill("同意")
    reviewer.press("审核通过")

    reviewer.go("/admin/notices/new/")
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("checkbox", name=NAME).check()
    reviewer.picture("notice-new")
    reviewer.press("存为拟稿")
    reviewer.picture("notice-draft")
    reviewer.follow("发布公示")
    reviewer.press("发布公示")
    reviewer.picture("notice-published")


def appoint(leader, number):
    page = leader.go("/admin/")
    for _ in range(4):  # other notices may end before this one
        page.get_by_role("button", name="到公示结束").click()
        page.wait_for_load_state()
        if page.locator("main").get_by_text(NAME).count():
            break
    leader.picture("today-leader")
    leader.opens(number)
    leader.follow("聘任", exact=True)
    leader.picture("appoint")
    leader.press("聘任")
    leader.says("已聘任")
    leader.picture("application-appointed")


def applicant_sees_the_certificate(expert):
    page = expert.go("/desk/")
    expert.picture("desk")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    return re.search(r"并创专〔\d{4}〕\d{3}号", page.locator("main").inner_text())[0]


def the_public_finds_the_expert(public, certificate):
    page = public.go("/experts/?q=林知夏")
    public.picture("directory")
    public.follow(NAME)
    public.says("在聘")
    public.picture("expert")

    page.goto("/verify/")
    page.get_by_label("聘书编号").fill(certificate)
    public.press("核验")
    public.picture("verify")
    public.says("林某")
    assert NAME not in page.locator("main").inner_text()
