import re

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from expertteam import search

AWKWARD = st.text(st.sampled_from("王韩砚秋 aAzZ'’ｱＡ１㈱ﬁüǚàÅ<>&\"%_\\|/\n\0·，😀𠮷e\u0308"), max_size=40) | st.text(
    max_size=40
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("单立", "shan li"),
        ("曾国", "zeng guo"),
        ("仇英", "qiu ying"),
        ("解缙", "xie jin"),
        ("区寄", "ou ji"),
        ("查良", "zha liang"),
        ("盖宽", "ge kuan"),
        ("朴正", "piao zheng"),
        ("华罗", "hua luo"),
        ("任伯", "ren bo"),
        ("纪晓", "ji xiao"),
        ("翟让", "zhai rang"),
        ("缪昌", "miao chang"),
        ("种师道", "chong shi dao"),
        ("折可适", "she ke shi"),
        ("繁钦", "po qin"),
        ("覃勤", "qin qin"),
        ("召平", "shao ping"),
        ("乐毅", "yue yi"),
        ("员半千", "yun ban qian"),
        ("黑格", "he ge"),
        ("石川", "shi chuan"),
        ("宁静", "ning jing"),
        ("吕布", "lv bu"),
        ("尉迟恭", "yu chi gong"),
        ("万俟卨", "mo qi xie"),
        ("单于明", "chan yu ming"),
        ("长孙无忌", "zhang sun wu ji"),
        ("令狐冲", "ling hu chong"),
        ("欧阳修", "ou yang xiu"),
        ("澹台灭明", "tan tai mie ming"),
        ("诸葛亮", "zhu ge liang"),
        ("司马光", "si ma guang"),
        ("皇甫谧", "huang fu mi"),
        ("上官婉儿", "shang guan wan er"),
        ("夏侯惇", "xia hou dun"),
        ("乐正子", "yue zheng zi"),
        ("单于", "shan yu"),  # two characters: the surname is the first
        ("明单", "ming dan"),  # only what stands first is a surname
        ("单", "shan"),
        ("阿依古丽·买买提", "a yi gu li · mai mai ti"),
        ("𠮷野", "𠮷 ye"),
        ("Tom Lee", "t o m l e e"),
        ("", ""),
    ],
)
def test_surnames_are_read_as_surnames(name, expected):
    assert search.reading(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("餐饮、股权", ["餐饮", "股权"]),
        ("ＡＢＣ公司", ["'abc公司"]),
        ("Han YANqiu", ["'han", "'yanqiu"]),
        ("shàn lǚ Müller", ["'shan", "'lv", "'mvller"]),
        ("O'Brien xi’an", ["'obrien", "'xian"]),
        ("１００% 5G", ["100", "5'g"]),
        ("王伟 王伟", ["王伟"]),
        ("，。%_\\😀\0", []),
        ("", []),
    ],
)
def test_what_is_typed_is_taken_apart_into_words(text, expected):
    assert search.words(text) == expected


KEPT = search.document("单于明", ["融资贷款", "人力资源"], ["帮小店看懂账，算清税", "山西ABC公司", "会画画"])


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("单于明", 0),
        ("单于", 1),
        ("单于 看懂", 1),  # the word that fits best decides
        ("于明", 2),
        ("明", 2),
        ("chanyuming", 2),
        ("chanyum", 2),
        ("YuMing", 2),
        ("cym", 2),
        ("ym", 2),
        ("融资", 3),
        ("rongzi", 3),
        ("rzdk", 3),
        ("daikuan 算清税", 3),
        ("看懂账", 4),
        ("abc", 4),
        ("画画", 4),
        ("hanyu", None),  # inside a syllable
        ("bc公司", None),
        ("账算", None),  # across a comma
        ("款人", None),  # across two fields
        ("税山西", None),
        ("danyu", None),
        ("单于 律师", None),
    ],
)
def test_where_a_word_fits_decides_the_rank(typed, expected):
    words = search.words(typed)

    rank = search.rank(KEPT, words) if all(word in KEPT for word in words) else None

    assert rank == expected


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("韩砚秋", "砚秋", "韩<mark>砚秋</mark>"),
        ("韩砚秋", "hanyan", "<mark>韩砚</mark>秋"),
        ("韩砚秋", "yanq", "韩<mark>砚秋</mark>"),
        ("韩砚秋", "hyq", "<mark>韩砚秋</mark>"),
        ("韩砚秋", "han qiu", "<mark>韩</mark>砚<mark>秋</mark>"),
        ("韩砚秋", "anyan", "韩砚秋"),
        ("阿依古丽·买买提", "gulimai", "阿依<mark>古丽</mark>·<mark>买</mark>买提"),
        ("ＡＢＣ公司", "abc公", "<mark>ＡＢＣ公</mark>司"),
        ("the cat has mathematics", "mat", "the cat has <mark>mat</mark>hematics"),
        ("看懂账看懂账", "懂账 看懂", "<mark>看懂账看懂账</mark>"),
        ("<b>税&费</b>", "税 b", "&lt;<mark>b</mark>&gt;<mark>税</mark>&amp;费&lt;/<mark>b</mark>&gt;"),
        ("ﬁx", "fi", "<mark>ﬁ</mark>x"),
        ("算清税", "律师", "算清税"),
    ],
)
def test_what_was_looked_for_is_marked(text, typed, expected):
    assert search.mark(text, search.words(typed), search.name_syllables(text)) == expected


@given(AWKWARD, AWKWARD)
def test_marks_add_nothing_but_themselves(text, typed):
    marked = search.mark(text, search.words(typed), search.name_syllables(text))

    assert re.sub("</?mark>", "", marked) == escape(text)


@given(AWKWARD)
def test_a_word_of_a_text_is_found_in_what_is_kept_of_it(text):
    kept = search.document(text, [text], [text])

    for word in search.words(text):
        assert word in kept


@given(AWKWARD)
def test_words_hold_nothing_that_separates_or_stands_for_anything(text):
    assert not set("".join(search.words(text))) & set("|/\n\0 %_\\")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("律师", ""),
        ("一家", "…讲过创业课，也帮过十二家小店和 一家合作社把成本理清楚，办下了担保贷款。"),
        ("我在", "我在太原做了二十年餐饮，讲过创业课，也帮过十二家…"),
    ],
)
def test_the_part_of_a_long_text_that_has_the_word(typed, expected):
    text = "我在太原做了二十年餐饮，讲过创业课，也帮过十二家小店和\n一家合作社把成本理清楚，办下了担保贷款。"

    assert search.excerpt(text, search.words(typed)) == expected
