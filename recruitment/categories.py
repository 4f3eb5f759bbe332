"""The eight kinds of people of Article 5, and what each has to hand in, as plain tables.

Codes are what is stored; words are what is shown.  Nothing is decided here.
"""

from collections.abc import Collection
from typing import NamedTuple

from experts.rules import CATEGORY_NAMES

MANAGER = "manager"
PROFESSIONS = {  # Article 5(2); 等 leaves the list open, hence the last
    MANAGER: "职业经理人",
    "law": "法律专业人员",
    "accounting": "会计专业人员",
    "audit": "审计专业人员",
    "personnel": "人力资源专业人员",
    "property": "产权保护专业人员",
    "other": "其他领域专业人员",
}
PROFESSIONALS = tuple(PROFESSIONS)[1:]
TITLE_LEVELS = {  # lowest first
    "none": "无职称",
    "junior": "初级",
    "middle": "中级",
    "associate": "副高级",
    "full": "正高级",
}
TITLE_EXAMPLES = {
    "junior": "助教、研究实习员、四级律师、助理会计师、助理审计师、助理经济师",
    "middle": "讲师、助理研究员、三级律师、会计师、审计师、经济师",
    "associate": "副教授、副研究员、二级律师、高级会计师、高级审计师、高级经济师",
    "full": "教授、研究员、一级律师、正高级会计师、正高级审计师、正高级经济师",
}
TITLE_SERIES = {"teaching": "高校教师", "research": "科学研究", "other": "其他系列"}
DECLARATIONS = {
    "truthful": "我填写和上传的内容真实、完整",
    "character": "我拥护党的路线方针政策，遵纪守法、诚实守信，没有违法犯罪和严重失信记录",
    "willing": "我自愿为创业者提供指导服务",
    "devoted": "我公正廉洁，遇到利害关系主动回避，接受市人社局的监督与管理",
}


class Evidence(NamedTuple):
    """A document to hand in.

    ``unless``: code of another document that makes this one dispensable.
    ``of``: the professions asked for it; empty asks everybody.
    """

    code: str
    label: str
    hint: str = ""
    required: bool = True
    unless: str = ""
    of: tuple[str, ...] = ()


class Category(NamedTuple):
    """One item of Article 5.  ``field`` names the work that the history marks as its own."""

    number: int
    hint: str
    field: str
    evidence: tuple[Evidence, ...]

    @property
    def name(self) -> str:
        return CATEGORY_NAMES[self.number]

    @property
    def article(self) -> str:
        return f"5({self.number})"


EVERYBODY = (
    Evidence("id_document", "身份证件", "居民身份证正反面，或居住证、通行证、护照等"),
    Evidence("photo", "近照", "近期正面免冠照片"),
    Evidence("degree", "学历证书", "最高学历或学位证书"),
    Evidence("success_case", "成功案例确认", "至少1个，由被辅导的创业者签名确认"),
    Evidence("credit_report", "无犯罪记录证明或信用报告", "可以不交，以承诺为准", required=False),
)
CATEGORIES = {
    each.number: each
    for each in (
        Category(
            1,
            "创办过企业并有一定知名度，或在星火大赛省级、市级决赛获奖",
            "",
            (
                Evidence("business_licence", "营业执照", unless="award_certificate"),
                Evidence(
                    "founder_proof",
                    "创办人证明",
                    "能证明是创办人、法定代表人或控股人的材料",
                    unless="award_certificate",
                ),
                Evidence(
                    "award_certificate",
                    "星火大赛决赛证书",
                    "写明哪一届、省级或市级、赛道和名次；有它可以不交上面两项",
                    required=False,
                ),
            ),
        ),
        Category(
            2,
            "职业经理人不要求职称；法律、会计、审计、人力资源、产权保护等专业人员要有中级以上职称",
            "",
            (
                Evidence("post_contract", "劳动合同或任职文件", of=(MANAGER,)),
                Evidence(
                    "title_certificate",
                    "职称证书",
                    "中级以上",
                    unless="practising_licence",
                    of=PROFESSIONALS,
                ),
                Evidence(
                    "practising_licence",
                    "执业资格证书",
                    "律师、注册会计师、专利代理师等；没有职称证书时交",
                    required=False,
                    of=PROFESSIONALS,
                ),
            ),
        ),
        Category(
            3,
            "研究企业经营管理或创业教育，职称在讲师以上",
            "在高校或科研院所研究企业经营管理、创业教育",
            (
                Evidence("title_certificate", "职称证书", "讲师、助理研究员以上"),
                Evidence("unit_letter", "单位证明", "写明岗位和研究方向"),
            ),
        ),
        Category(
            4,
            "在银行、风投等金融机构从事投融资4年以上",
            "在金融机构从事投融资",
            (
                Evidence("unit_letter", "单位证明", "写明岗位和起止年月，满4年"),
                Evidence("finance_certificate", "基金或银行从业资格证书", required=False),
            ),
        ),
        Category(
            5,
            "熟悉相关法律法规和创业就业政策4年以上，要有单位同意推荐函",
            "在机关事业单位从事相关法规政策工作",
            (
                Evidence("recommendation_letter", "单位同意推荐函", "写明同意并加盖公章"),
                Evidence("service_statement", "从事政策工作的证明", "写明岗位和起止年月，满4年"),
            ),
        ),
        Category(
            6,
            "经人社部门认定，从事创业培训4年以上",
            "从事创业培训",
            (
                Evidence("trainer_certificate", "创业培训讲师证", "SYB、IYB、网络创业等"),
                Evidence("class_records", "授课记录", "能看出授课满4年"),
            ),
        ),
        Category(
            7,
            "运营方管理层或核心业务部门负责人，从事相关工作4年以上",
            "从事创业载体或劳务品牌的运营",
            (
                Evidence("carrier_recognition", "载体或品牌认定文件"),
                Evidence("post_proof", "任职证明", "写明职务和起止年月，满4年"),
            ),
        ),
        Category(
            8,
            "在创业服务领域有突出贡献，由市人社局认可",
            "",
            (
                Evidence("recommendation_letter", "推荐函", "写明推荐理由并签名或盖章"),
                Evidence("contribution_dossier", "贡献材料", "能说明贡献的事实和结果"),
            ),
        ),
    )
}


def evidence_for(category: int, profession: str = "") -> list[Evidence]:
    """What an applicant of this category is asked for, the common documents first."""
    asked = (*EVERYBODY, *CATEGORIES[category].evidence)
    return [each for each in asked if not each.of or profession in each.of]


def missing_evidence(category: int, profession: str, received: Collection[str]) -> list[Evidence]:
    """Of these, the required ones that have neither arrived nor been made dispensable."""
    return [
        each
        for each in evidence_for(category, profession)
        if each.required and each.code not in received and each.unless not in received
    ]
