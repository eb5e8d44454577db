"""Institutions, natural persons, how they prove who they are and in which profiles they act."""

from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Id, Instant, Model, one_of, reference
from app.domain.permissions import Profile
from app.domain.rut import Rut
from app.domain.terms import OrganisationKind

CHECK_DIGIT = "check_digit ~ '^[0-9K]$'"


# The order of a Spanish list without asking the server for a collation it may not have: accents do not count, ñ follows n.
SORT_NAME = (
    "replace(translate(lower(first_surname || ' ' || second_surname || ' ' || given_names),"
    " 'áéíóúàèìòùäëïöüâêîôû', 'aeiouaeiouaeiouaeiou'), 'ñ', 'n~')"
)


class HasRut:
    """A RUT kept as body and check digit apart; `rut` puts it together."""

    rut_body: Mapped[int] = mapped_column(unique=True)
    check_digit: Mapped[str] = mapped_column(String(1))

    @property
    def rut(self) -> Rut:
        return Rut(self.rut_body, self.check_digit)


class Organisation(HasRut, Model):
    id: Mapped[Id]
    name: Mapped[str]
    kind: Mapped[OrganisationKind] = mapped_column(one_of(OrganisationKind, "kind"))

    __table_args__ = (CheckConstraint(CHECK_DIGIT, name="check_digit"),)


class Person(HasRut, Model):
    id: Mapped[Id]
    given_names: Mapped[str]
    first_surname: Mapped[str]
    second_surname: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    sort_name: Mapped[str] = mapped_column(Computed(SORT_NAME, persisted=True))

    __table_args__ = (CheckConstraint(CHECK_DIGIT, name="check_digit"),)

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.given_names, self.first_surname, self.second_surname) if part)


class Credential(Model):
    """A person's Clave Única de SENCE (CUS) as an Argon2id hash; the clear text is never kept."""

    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)
    cus_hash: Mapped[str]
    changed_at: Mapped[Instant]


class ProfileGrant(Model):
    """One profile of one person, for an institution, a region, both or neither (SENCE's national staff)."""

    id: Mapped[Id]
    person_id: Mapped[int] = reference("person.id", index=True)
    profile: Mapped[Profile] = mapped_column(one_of(Profile, "profile"))
    organisation_id: Mapped[int | None] = reference("organisation.id", index=True)
    region: Mapped[str | None] = mapped_column(String(2))

    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation | None] = relationship()

    __table_args__ = (
        UniqueConstraint("person_id", "profile", "organisation_id", "region", postgresql_nulls_not_distinct=True),
        CheckConstraint("profile <> 'regional_director' OR region IS NOT NULL", name="director_has_region"),
        CheckConstraint(
            "profile NOT IN ('provider_national_admin', 'provider_regional_admin', 'supervisor')"
            " OR organisation_id IS NOT NULL",
            name="acts_for_an_organisation",
        ),
    )
