"""Who may be selected, and when (Articles 5, 6 and 11).

Facts in, findings out.  A rule says *fail* only where the facts given settle the matter; what no
number can settle (character, ability, contribution) it leaves to a person.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from expertteam.regulation import article
from recruitment.categories import MANAGER, PROFESSIONS, TITLE_LEVELS
from recruitment.facts import FAIL, PASS, PERSON, Facts, Finding, Outcome, Period, duration, history, months_of

MIN_MONTHS = 48  # 4年及以上


@article("6(2)")
def service_months(periods: list[tuple[date, date | None]], on: date) -> int:
    """具有4年及以上工作或服务经历

    The number of different calendar months covered.  Only year and month of each date count,
    both ends inclusive; overlaps count once.  Nothing after the month of ``on`` counts: an open
    period, and one said to end later, run to that month.  A reversed period is empty.
    """
    return len({month for first, last in periods for month in months_of(first, min(last or on, on))})


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
    research, _ = _history(facts.in_field, facts.on)
    inputs = f"{TITLE_LEVELS[facts.title_level]}；{research}"
    if not facts.has_title("middle"):
        return inputs, FAIL, "职称没有达到讲师一级"
    if facts.title_series in ("teaching", "research") and facts.in_field:
        return inputs, PASS, "职称达到讲师一级，有相关研究工作"
    return inputs, PERSON, "职称系列或研究工作由初审人员核实"


@article("5(4)")
def practised_finance(facts: Facts) -> Outcome:
    """银行、风投公司等金融机构中从事投融资运作的4年及以上专家"""
    return _four_years(facts.in_field, facts.on)


@article("5(5)")
def practised_policy(facts: Facts) -> Outcome:
    """行政机关和事业单位中熟悉相关法律法规和创业就业政策4年及以上的人员

    We read the four years as time in posts that work with these laws and policies.
    """
    return _four_years(facts.in_field, facts.on)


@article("5(6)")
def practised_training(facts: Facts) -> Outcome:
    """人力资源社会保障部门认定的创业培训讲师，从事创业培训工作4年及以上

    The months are measured; that the department recognised the trainer is seen by a person.
    """
    measured, verdict, reason = _four_years(facts.in_field, facts.on)
    inputs = f"{measured}；{facts.received('trainer_certificate', '讲师证')}"
    if verdict is PASS:
        return inputs, PERSON, f"{reason}；讲师认定由初审人员核实"
    return inputs, verdict, reason


@article("5(7)")
def practised_running_carriers(facts: Facts) -> Outcome:
    """创业载体、劳务品牌运营方管理层或核心业务部门负责人，从事相关工作4年及以上

    Four years in the field altogether, some part of them as manager or head of department.
    """
    measured, verdict, reason = _four_years(facts.in_field, facts.on)
    if verdict is PASS and not any(period.managed for period in facts.in_field):
        return measured, FAIL, "相关工作里没有管理层或核心业务部门负责人的任职"
    return measured, verdict, reason


@article("5(8)")
def outstanding_contribution(facts: Facts) -> Outcome:
    """其他在创业服务领域作出突出贡献的社会人士"""
    dossier = facts.received("contribution_dossier", "贡献材料")
    return dossier, PERSON, "贡献是否突出由初审人员核实"


@article("6(1)")
def sound_character(facts: Facts) -> Outcome:
    """政治素养过硬……法治观念与品德修养良好，能够自觉遵纪守法、诚实守信

    Declared by the applicant, and then looked into by a person.
    """
    inputs, verdict, reason = facts.declared("character")
    return (inputs, PERSON, "品行由初审人员核实") if verdict is PASS else (inputs, verdict, reason)


@article("6(2)")
def experienced_enough(facts: Facts) -> Outcome:
    """具有4年及以上工作或服务经历"""
    return _four_years(facts.periods, facts.on)


@article("6(2)")
def has_run_an_enterprise(facts: Facts) -> Outcome:
    """有创办、经营管理企业的经历

    A period of the work history marked so is enough; without one a person looks for it.
    """
    inputs, _ = _history(facts.managed, facts.on)
    if facts.managed:
        return inputs, PASS, "有创办或管理企业的经历"
    return inputs, PERSON, "工作经历里没有标明，由初审人员核实"


@article("6(2)")
def has_a_speciality(facts: Facts) -> Outcome:
    """在创业服务领域有某项或多项专业特长"""
    inputs = f"选择了{facts.specialities}项"
    if facts.specialities < 1:
        return inputs, FAIL, "至少选择1项专业特长"
    return inputs, PASS, "已选择专业特长"


@article("6(2)")
def well_versed(facts: Facts) -> Outcome:
    """熟悉……政策法规，具有较高的政策理论水平或专业技术能力，了解企业管理和市场运作规律"""
    return "报名材料", PERSON, "政策和专业水平由初审人员核实"


@article("6(3)")
def willing(facts: Facts) -> Outcome:
    """有强烈的社会责任感，热爱创业就业事业，自愿为创业者提供指导服务……乐于奉献"""
    return facts.declared("willing")


@article("6(4)")
def has_coached(facts: Facts) -> Outcome:
    """具备缜密的逻辑思维与清晰的语言表达能力……拥有成功辅导创业者实现创业的实绩

    Without a case there is no 实绩; whether a case is real, and how one speaks, needs a person.
    """
    received = facts.received("success_case", "创业者的确认")
    inputs = f"填写了{facts.success_cases}个案例；{received}"
    if facts.success_cases < 1:
        return inputs, FAIL, "至少填写1个成功辅导案例"
    return inputs, PERSON, "案例和表达能力由初审人员核实"


@article("6(5)")
def devoted_and_supervised(facts: Facts) -> Outcome:
    """愿意全情投入；恪守公正、廉洁的职业道德，并自觉接受市人社局的监督与管理"""
    return facts.declared("devoted")


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
OF_EVERYBODY = (
    (sound_character, "拥护党的路线方针政策，遵纪守法、诚实守信"),
    (experienced_enough, "工作或服务满4年"),
    (has_run_an_enterprise, "创办、经营或管理过企业"),
    (has_a_speciality, "有1项以上专业特长"),
    (well_versed, "熟悉创业就业政策，有政策理论或专业技术能力，了解企业和市场"),
    (willing, "自愿为创业者提供指导服务"),
    (has_coached, "善于沟通引导，成功辅导过创业者"),
    (devoted_and_supervised, "公正廉洁，接受市人社局监督管理"),
)


def assess(facts: Facts) -> list[Finding]:
    """The finding of the chosen item of Article 5, then those of Article 6 in its order."""
    conditions = (OF_CATEGORY.get(facts.category, OF_NOBODY_YET), *OF_EVERYBODY)
    return [Finding(rule.articles[0], words, *rule(facts)) for rule, words in conditions]


@article("11")
def may_submit(findings: Iterable[Finding]) -> bool:
    """自愿报名

    Open to whomever no condition rules out; open questions go along to the officer.
    """
    return all(finding.verdict is not FAIL for finding in findings)


@article("11")
def may_recommend(findings: Iterable[Finding], settled: Collection[str]) -> bool:
    """初审推荐

    ``settled`` holds the provisions that a person looked into and found fulfilled; every
    finding left to a person must be among them, and none of the others may be a *fail*.
    """
    return all(
        finding.verdict is PASS or (finding.verdict is PERSON and finding.article in settled) for finding in findings
    )


@article("11")
def supplement_in_time(deadline: date, on: date) -> bool:
    """初审推荐

    What was asked for may come until the end of the last day.
    """
    return on <= deadline


@article("11")
def objection_counts(named: bool, received_at: datetime, ends_at: datetime) -> bool:
    """经公示无异议者

    An objection is one signed with a real name and received up to the very instant of the end
    of the notice.  An anonymous or late one is a lead for the inspector and blocks nothing.
    """
    return named and received_at <= ends_at


@article("11")
def objection_blocks(counts: bool, upheld: bool | None) -> bool:
    """经公示无异议者

    An objection that counts blocks until it is found baseless (``upheld`` False; None: undecided).
    """
    return counts and upheld is not False


@article("11")
def notice_passed(ends_at: datetime, provisional: bool, blocking: int, now: datetime) -> bool:
    """经公示无异议者，由太原市人力资源和社会保障局正式聘任为专家团成员

    Only after the end, which itself still belongs to the notice; never while the end rests on
    a year without published calendar, or while an objection blocks.
    """
    return now > ends_at and not provisional and blocking == 0


def _history(periods: Iterable[Period], on: date) -> tuple[str, int]:
    months = service_months([(each.first, each.last) for each in periods], on)
    return history(periods, months, on), months


def _four_years(periods: Iterable[Period], on: date) -> Outcome:
    inputs, months = _history(periods, on)
    if months < MIN_MONTHS:
        return inputs, FAIL, f"还差{duration(MIN_MONTHS - months)}满4年"
    return inputs, PASS, "已满4年"
