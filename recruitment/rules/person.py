"""What everybody has to fulfil, and all findings on one person (Articles 5 and 6)."""

from expertteam.regulation import article
from recruitment.facts import FAIL, PASS, PERSON, Facts, Finding, Outcome
from recruitment.rules.category import OF_CATEGORY, OF_NOBODY_YET
from recruitment.rules.service import four_years, measured


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
    return four_years(facts.periods, facts.on)


@article("6(2)")
def has_run_an_enterprise(facts: Facts) -> Outcome:
    """有创办、经营管理企业的经历

    A period of the work history marked so is enough; without one a person looks for it.
    """
    inputs, _ = measured(facts.managed, facts.on)
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
