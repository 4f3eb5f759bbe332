"""Experts and what they are good at (Articles 4 and 10)."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils.functional import cached_property

from experts.cards import Card
from experts.models.appointment import Appointment
from experts.rules import Interest, Tie
from expertteam import search
from expertteam.history import History
from expertteam.models import Consent
from expertteam.regulation import article


class Topic(models.TextChoices):
    """The eight fields of consulting of Article 8(1): the only vocabulary of fields."""

    PLANNING = "planning", "项目策划"
    ASSESSMENT = "assessment", "项目评估"
    OPENING = "opening", "开业指导"
    RISK = "risk", "风险评估"
    MANAGEMENT = "management", "经营管理"
    PERSONNEL = "personnel", "人力资源"
    FINANCE = "finance", "融资贷款"
    POLICY = "policy", "政策法规"


class District(models.TextChoices):
    """Districts and counties of Taiyuan by GB/T 2260, the reform zone, and elsewhere (Article 5 sets no limit)."""

    XIAODIAN = "140105", "小店区"
    YINGZE = "140106", "迎泽区"
    XINGHUALING = "140107", "杏花岭区"
    JIANCAOPING = "140108", "尖草坪区"
    WANBAILIN = "140109", "万柏林区"
    JINYUAN = "140110", "晋源区"
    QINGXU = "140121", "清徐县"
    YANGQU = "140122", "阳曲县"
    LOUFAN = "140123", "娄烦县"
    GUJIAO = "140181", "古交市"
    REFORM_ZONE = "140171", "山西转型综改示范区"
    ELSEWHERE = "000000", "太原市以外"


class PublicField(models.TextChoices):
    """What an expert may choose to show beside name, field and category."""

    EMPLOYER = "employer", "工作单位和职务"
    TITLE = "title", "职称"
    BIOGRAPHY = "biography", "个人经历"
    DISTRICT = "district", "所在区县"


class ExpertQuerySet(models.QuerySet):
    def serving(self, on: date):
        """In term on that day: Article 3 ends a term by itself, so nothing is stored."""
        return self.filter(Exists(Appointment.objects.in_force(on).filter(expert=OuterRef("pk"))))

    @article("10")
    def listed(self, on: date):
        """In the public directory on that day: in term, and the person's consent stands (Article 10)."""
        consent = Consent.objects.standing("public_directory").filter(user=OuterRef("user"))
        current = Prefetch("appointments", Appointment.objects.in_force(on), "current")
        return self.serving(on).filter(Exists(consent)).select_related("user").prefetch_related("specialities", current)

    def named(self, words: str):
        """Those whom a number, or a whole name, means; of one name there may be several."""
        return self.filter(models.Q(no__iexact=words) | models.Q(user__name=words))

    def visible_to(self, user):
        """Staff with the right see every expert, an expert himself, a stranger none."""
        if user.has_perm("experts.view_expert"):
            return self
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()


class Expert(models.Model):
    """A person who is or was on the team; the public facts about him."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="账号")
    no = models.CharField("专家编号", max_length=12, unique=True)
    employer = models.CharField("工作单位", max_length=100, blank=True)
    employer_code = models.CharField("单位统一社会信用代码", max_length=18, blank=True)
    position = models.CharField("职务", max_length=60, blank=True)
    title = models.CharField("职称", max_length=60, blank=True)
    line = models.CharField("一句话介绍", max_length=40, blank=True)
    biography = models.TextField("个人经历", max_length=1000, blank=True)
    district = models.CharField("所在区县", max_length=6, choices=District, blank=True)
    visits = models.BooleanField("可以上门指导", default=False)
    public_fields = models.JSONField("公开的资料", default=list, blank=True)
    reading = models.CharField("姓名拼音", max_length=400, blank=True, editable=False)
    search_text = models.TextField("检索文本", blank=True, editable=False)
    history = History(excluded_fields=["reading", "search_text"])

    objects = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "专家"
        ordering = ["no"]
        indexes = [models.Index(fields=["district", "visits"], name="expert_district_visits")]

    def __str__(self):
        return self.user.name

    def get_absolute_url(self):
        return reverse("experts:expert", args=[self.no])

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        self.index()

    def hold(self):
        """Lock the row for this transaction; whoever only refers to it does not wait."""
        Expert.objects.select_for_update(no_key=True).values_list("pk").get(pk=self.pk)

    def index(self):
        """Write anew what the directory finds this person by; whoever changes name or fields calls it."""
        stored = Expert.objects.select_related("user").prefetch_related("specialities").get(pk=self.pk)
        self.reading, self.search_text = stored.findable()
        Expert.objects.filter(pk=self.pk).update(reading=self.reading, search_text=self.search_text)

    def findable(self) -> tuple[str, str]:
        """The name's reading, and the text of what the person shows, as ``expertteam.search`` writes them."""
        facts = {
            PublicField.TITLE: self.title,
            PublicField.EMPLOYER: f"{self.employer}{self.position}",
            PublicField.BIOGRAPHY: self.biography,
            PublicField.DISTRICT: self.district_name,
        }
        shown = [self.line, *(text for field, text in facts.items() if text and self.shows(field))]
        return search.reading(self.user.name)[:400], search.document(self.user.name, self.topic_labels, shown)

    def shows(self, field: PublicField) -> bool:
        """Whether the person agreed to show this beside his name."""
        return field in self.public_fields

    @cached_property
    def topics(self) -> list[Topic]:
        return [Topic(speciality.topic) for speciality in self.specialities.all()]

    @property
    def topic_labels(self) -> list[str]:
        return [topic.label for topic in self.topics]

    @property
    def district_name(self) -> str:
        return District(self.district).label if self.district else ""

    @property
    def interests(self) -> list[Interest]:
        """Where he works, and what he declared: what keeps him from advising whom (Article 14)."""
        works = self.employer or self.employer_code
        own = [Interest(Tie.EMPLOYER, self.employer, self.employer_code)] if works else []
        return own + [disclosure.interest for disclosure in self.disclosures.all()]

    @cached_property
    def card(self) -> Card:
        """With nothing marked; a list that was looked for puts another in its place."""
        return Card(self)

    @property
    def title_line(self) -> str:
        """What stands under the name in public: title, employer and position, each only with consent."""
        parts = [self.title] if self.shows(PublicField.TITLE) else []
        if self.shows(PublicField.EMPLOYER):
            parts.append(f"{self.employer}{self.position}")
        return "，".join(part for part in parts if part)


@receiver(post_save, sender=settings.AUTH_USER_MODEL)
def follow_name(instance, update_fields, raw, **_):
    """A person is found by the name that the account has now."""
    if not raw and (update_fields is None or "name" in update_fields):
        for expert in Expert.objects.filter(user=instance):
            expert.index()


class Speciality(models.Model):
    """A field of Article 8(1) in which an expert advises."""

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="specialities")
    topic = models.CharField("领域", max_length=20, choices=Topic, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "擅长领域"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["expert", "topic"], name="one_speciality_of_a_topic")]

    def __str__(self):
        return self.get_topic_display()
