"""Forms in the portal's look: words that say what to mend, and markup that ties them to the question."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines

from expertteam.forms import TerraceForm, TerraceModelForm
from expertteam.models import Policy

TOPICS = [("a", "项目策划"), ("b", "融资贷款")]
HOW = [("r", "实名反映，我们会核实并答复"), ("n", "匿名提供线索")]


class Everything(TerraceForm):
    name = forms.CharField(label="姓名", max_length=20, help_text="与证件一致")
    code = forms.CharField(label="验证码", min_length=6, max_length=6)
    born = forms.DateField(label="出生日期")
    seats = forms.IntegerField(label="人数", min_value=1, max_value=5)
    mail = forms.EmailField(label="邮箱", required=False)
    kind = forms.ChoiceField(label="申报类别", choices=[("", "---------"), ("x", "成功创业者")])
    topics = forms.MultipleChoiceField(
        label="擅长领域", choices=TOPICS, widget=forms.CheckboxSelectMultiple, help_text="可以选几个"
    )
    how = forms.ChoiceField(label="联系方式", choices=HOW, widget=forms.RadioSelect)
    facts = forms.CharField(label="具体情况", max_length=10, widget=forms.Textarea)
    proof = forms.FileField(label="证明材料")
    true = forms.BooleanField(label="以上属实")
    agree = forms.BooleanField(label="我已阅读并同意个人信息处理告知")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def errors(data, files=None):
    return {name: "；".join(said) for name, said in Everything(data, files).errors.items()}


def test_missing_answers_are_asked_for_by_name():
    assert errors({}) == {
        "name": "请填写姓名",
        "code": "请填写验证码",
        "born": "请填写出生日期",
        "seats": "请填写人数",
        "kind": "请选择申报类别",
        "topics": "请选择擅长领域",
        "how": "请选择联系方式",
        "facts": "请填写具体情况",
        "proof": "请上传证明材料",
        "true": "请勾选：以上属实",
        "agree": "请勾选同意后再提交",
    }


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("name", "赵" * 21, "姓名最多20个字，现在有21个"),
        ("code", "123", "验证码至少6个字，现在只有3个"),
        ("born", "昨天", "出生日期要写成2026-10-22这样"),
        ("seats", "很多", "人数只能填整数"),
        ("seats", "0", "人数不能小于1"),
        ("seats", "6", "人数不能大于5"),
        ("mail", "x", "邮箱要写成name@example.cn这样"),
        ("kind", "z", "申报类别只能从给出的选项里选"),
    ],
)
def test_wrong_answer_is_told_how_to_be_right(name, value, expected):
    assert errors({name: value})[name] == expected


def test_empty_file_is_refused_by_name():
    assert errors({}, {"proof": SimpleUploadedFile("a.pdf", b"")})["proof"] == "证明材料是空文件，请换一个"


def test_a_field_keeps_the_words_it_was_given():
    class Own(TerraceForm):
        name = forms.CharField(label="姓名", error_messages={"required": "写一写您的名字"})

    assert Own({}).errors == {"name": ["写一写您的名字"]}


def test_required_is_left_to_the_server_and_optional_is_said():
    html = str(Everything())

    assert " required" not in html
    assert html.count("（选填）") == 1


def test_error_stands_at_the_field_and_is_tied_to_it():
    html = str(Everything({})["name"].as_field_group())

    assert '<div class="f bad"><label for="id_name">姓名</label>' in html
    assert '<p class="hint" id="id_name_helptext">与证件一致</p>' in html
    assert '<p class="err" id="id_name_error">请填写姓名</p>' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html


def test_a_group_is_a_fieldset_and_its_buttons_are_not_invalid_one_by_one():
    html = str(Everything({})["topics"].as_field_group())

    assert (
        '<fieldset class="f bad" id="id_topics" aria-describedby="id_topics_helptext id_topics_error"><legend>擅长领域</legend>'
        in html
    )
    assert (
        '<label class="chip" for="id_topics_0"><input type="checkbox" name="topics" value="a" id="id_topics_0">项目策划</label>'
        in html
    )
    assert "aria-invalid" not in html


def test_long_choices_are_lines_and_one_box_is_a_line():
    form = Everything()

    assert (form["how"].shape, form["topics"].shape, form["agree"].shape, form["name"].shape) == (
        "opts",
        "chips",
        "tick",
        "",
    )
    assert 'class="opt" for="id_agree"' in form["agree"].as_field_group()


def test_controls_fit_their_answers():
    form = Everything()

    assert 'class="in w11"' in str(form["name"])
    assert 'class="in w5"' in str(form["code"])
    assert 'type="date"' in str(form["born"])
    assert 'class="in file"' in str(form["proof"])
    assert '<option value="" selected>请选择</option>' in str(form["kind"])
    assert "class" not in str(form["token"])


def test_a_select_keeps_its_own_empty_choice():
    class Filter(TerraceForm):
        area = forms.ChoiceField(label="区县", choices=[("", "全部"), ("140105", "小店区")])

    assert '<option value="" selected>全部</option>' in str(Filter())


def test_a_date_is_written_as_the_browser_wants_it():
    form = Everything(initial={"born": "1990-01-02"})

    assert 'value="1990-01-02"' in str(form["born"])


def test_a_long_text_says_its_limit():
    html = str(Everything()["facts"].as_field_group())

    assert '<p class="hint" id="id_facts_count">最多10字</p>' in html
    assert 'aria-describedby="id_facts_count"' in html


def test_summary_leads_to_every_fault_with_the_same_words():
    form = Everything({})
    form.add_error(None, "报名已截止（第十一条）")

    html = engines["django"].get_template("ui/errors.html").render({"form": form})

    assert "有12处需要改一下" in html
    assert "<li>报名已截止（第十一条）</li>" in html
    assert '<a href="#id_name">请填写姓名</a>' in html
    assert '<a href="#id_topics">请选择擅长领域</a>' in html
    assert 'tabindex="-1"' in html


def test_a_form_without_faults_has_no_summary():
    assert engines["django"].get_template("ui/errors.html").render({"form": Everything()}).strip() == ""


def test_model_form_wears_the_same_dress():
    class PolicyForm(TerraceModelForm):
        class Meta:
            model = Policy
            fields = ["source", "effective_from"]

    form = PolicyForm({})

    assert form.errors == {"source": ["请填写依据文件"], "effective_from": ["请填写生效日期"]}
    assert 'class="f bad"' in str(form)


def test_other_forms_keep_the_stock_look():
    class Stock(forms.Form):
        name = forms.CharField(label="姓名")

    assert 'class="f' not in str(Stock())
