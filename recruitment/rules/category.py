"""Which of the eight kinds of people somebody is (Article 5).

A rule says *fail* only where the facts given settle the matter; what no number can settle it leaves to a person.
"""

from expertteam.regulation import article
from recruitment.categories import MANAGER, PROFESSIONS, TITLE_LEVELS
from recruitment.facts import FAIL, PASS, PERSON, Facts, Outcome
from recruitment.rules.service import four_years, measured


@article("5")
def belongs_to_a_category(facts: Facts) -> Outcome:
    """成员选聘，不受区域、身份及年龄限制，主要由以下人员构成……

    Asked of whoever has named none of the eight yet.  No rule looks at region, status or age.
    """
    return "没有选择", FAIL, "还没有选择以哪一类人员报名"


@article("5(1)")
def known_founder(facts: Facts) -> Outcome:
    """具有一定知名度的成功创业者……在……创业星火大赛中，入围省级或市级决赛的获奖者

    A prize in such a final is decisive; 一定知名度 has no measure and needs a person.
    """
    if facts.award:
        return "有决赛奖项", PASS, "星火大赛决赛获奖者即符合"
    return "没有决赛奖项", PERSON, "知名度和创业成绩由初审人员核实"


@article("5(2)")
def manager_or_intermediate_title(facts: Facts) -> Outcome:
    """职业经理人，以及在法律、会计、审计、人力资源、产权保护等领域具备中级或以上职称的专业人员

    A 职业经理人 needs no title.  等 leaves the fields open: another field is for a person to
    accept, and so is a practising licence in place of a title.
    """
    if facts.profession not in PROFESSIONS:
        return "没有选择", FAIL, "还没有选择是职业经理人还是哪个领域的专业人员"
    inputs = f"{PROFESSIONS[facts.profession]}，{TITLE_LEVELS[facts.title_level]}"
    if facts.profession == MANAGER:
        if facts.managed:
            return inputs, PASS, "有管理岗位的任职；职业经理人不要求职称"
        return inputs, PERSON, "工作经历里没有标明管理岗位，由初审人员核实"
    if facts.has_title("middle"):
        if facts.profession == "other":
            return inputs, PERSON, "职称达到中级；所属领域是否适合由初审人员核实"
        return inputs, PASS, "职称达到中级"
    if facts.licensed:
        return inputs, PERSON, "执业资格是否相当于中级职称由初审人员核实"
    return inputs, FAIL, "职称没有达到中级"


@article("5(3)")
def lecturer_or_above(facts: Facts) -> Outcome:
    """高等院校、科研院所中从事企业经营管理、创业教育研究的讲师以上专家学者

    讲师 is the intermediate level of the teaching series, its equal in research 助理研究员.
    The same level of another series, or no such research stated, is for a person.
    """
    research, _ = measured(facts.in_field, facts.on)
    inputs = f"{TITLE_LEVELS[facts.title_level]}；{research}"
    if not facts.has_title("middle"):
        return inputs, FAIL, "职称没有达到讲师一级"
    if facts.title_series in ("teaching", "research") and facts.in_field:
        return inputs, PASS, "职称达到讲师一级，有相关研究工作"
    return inputs, PERSON, "职称系列或研究工作由初审人员核实"


@article("5(4)")
def practised_finance(facts: Facts) -> Outcome:
    """银行、风投公司等金融机构中从事投融资运作的4年及以上专家"""
    return four_years(facts.in_field, facts.on)


@article("5(5)")
def practised_policy(facts: Facts) -> Outcome:
    """行政机关和事业单位中熟悉相关法律法规和创业就业政策4年及以上的人员

    We read the four years as time in posts that work with these laws and policies.
    """
    return four_years(facts.in_field, facts.on)


@article("5(6)")
def practised_training(facts: Facts) -> Outcome:
    """人力资源社会保障部门认定的创业培训讲师，从事创业培训工作4年及以上

    The months are measured; that the department recognised the trainer is seen by a person.
    """
    measured, verdict, reason = four_years(facts.in_field, facts.on)
    inputs = f"{measured}；{facts.received('trainer_certificate', '讲师证')}"
    if verdict is PASS:
        return inputs, PERSON, f"{reason}；讲师认定由初审人员核实"
    return inputs, verdict, reason


@article("5(7)")
def practised_running_carriers(facts: Facts) -> Outcome:
    """创业载体、劳务品牌运营方管理层或核心业务部门负责人，从事相关工作4年及以上

    Four years in the field altogether, some part of them as manager or head of department.
    """
    measured, verdict, reason = four_years(facts.in_field, facts.on)
    if verdict is PASS and not any(period.managed for period in facts.in_field):
        return measured, FAIL, "相关工作里没有管理层或核心业务部门负责人的任职"
    return measured, verdict, reason


@article("5(8)")
def outstanding_contribution(facts: Facts) -> Outcome:
    """其他在创业服务领域作出突出贡献的社会人士"""
    dossier = facts.received("contribution_dossier", "贡献材料")
    return dossier, PERSON, "贡献是否突出由初审人员核实"


OF_CATEGORY = {
    1: (known_founder, "是有一定知名度的成功创业者，或星火大赛省级、市级决赛获奖者"),
    2: (manager_or_intermediate_title, "是职业经理人，或有法律、会计、审计等领域中级以上职称"),
    3: (lecturer_or_above, "在高校或科研院所研究企业经营管理、创业教育，职称在讲师以上"),
    4: (practised_finance, "在金融机构从事投融资满4年"),
    5: (practised_policy, "在机关事业单位从事相关法规政策工作满4年"),
    6: (practised_training, "是人社部门认定的创业培训讲师，从事创业培训满4年"),
    7: (practised_running_carriers, "负责创业载体或劳务品牌的运营，从事相关工作满4年"),
    8: (outstanding_contribution, "在创业服务领域有突出贡献"),
}
OF_NOBODY_YET = (belongs_to_a_category, "选择八类人员中的一类")
