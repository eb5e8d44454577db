"""forms: every published version carries those its diagram names, as they were while they were code."""

import hashlib
import json
import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

NAMED = re.compile(r':form="([a-z0-9_]+)"')
TABLE = sa.table('process_definition', sa.column('id'), sa.column('xml'), sa.column('content_sha256'),
                 sa.column('forms', postgresql.JSONB))
DRAFTS = sa.table('process_draft', sa.column('id'), sa.column('xml'), sa.column('forms', postgresql.JSONB))


def upgrade() -> None:
    """Their content changes its hash with it; what they ask does not."""
    connection = op.get_bind()
    let_versions_change(connection)
    for row in connection.execute(sa.select(TABLE).where(TABLE.c.forms == sa.text("'{}'::jsonb"))).all():
        forms = named_in(row.xml)
        values = {'forms': forms, 'content_sha256': content_hash(row.xml, forms)}
        connection.execute(TABLE.update().where(TABLE.c.id == row.id).values(**values))
    for row in connection.execute(sa.select(DRAFTS).where(DRAFTS.c.forms == sa.text("'{}'::jsonb"))).all():
        connection.execute(DRAFTS.update().where(DRAFTS.c.id == row.id).values(forms=named_in(row.xml)))


def downgrade() -> None:
    connection = op.get_bind()
    let_versions_change(connection)
    for row in connection.execute(sa.select(TABLE)).all():
        values = {'forms': {}, 'content_sha256': content_hash(row.xml, {})}
        connection.execute(TABLE.update().where(TABLE.c.id == row.id).values(**values))


def let_versions_change(connection: sa.Connection) -> None:
    """What was published is history where `flask prepare` ran before; it puts the trigger back after the migrations."""
    connection.execute(sa.text('DROP TRIGGER IF EXISTS history_stays ON process_definition'))


def named_in(xml: str) -> dict[str, object]:
    names = set(NAMED.findall(xml))
    return {name: FORMS[name] for name in sorted(names) if name in FORMS}


def content_hash(xml: str, forms: dict[str, object]) -> str:
    if not forms:
        return hashlib.sha256(xml.encode()).hexdigest()
    whole = json.dumps({'xml': xml, 'forms': forms}, ensure_ascii=False, sort_keys=True, separators=(',', ':'))
    return hashlib.sha256(whole.encode()).hexdigest()


FORMS = json.loads("""
{
 "accept_issuance": {
  "title": "Aceptación del certificado",
  "decision": {
   "name": "accepted",
   "yes": {
    "button": "Acepto emitir el certificado",
    "outcome": "aceptó emitir el certificado"
   },
   "no": {
    "button": "Corregir el N° de factura",
    "outcome": "volvió a corregir antes de emitir",
    "tone": "secondary"
   },
   "missing": "Elija «Acepto emitir el certificado» o «Corregir el N° de factura»."
  },
  "built_in": [
   "content_sha256",
   "authenticated_by"
  ]
 },
 "annulment_decision": {
  "title": "Resolución de la anulación",
  "fields": [
   {
    "name": "reason",
    "type": "long_text",
    "label": "Razones de la resolución",
    "hint": "El organismo capacitador las leerá. La resolución no se puede cambiar después.",
    "missing": "Faltan las razones. Escriba por qué aprueba o rechaza: el organismo las leerá.",
    "maximum": 2000
   }
  ],
  "decision": {
   "name": "granted",
   "yes": {
    "button": "Aprobar",
    "outcome": "aprobó la anulación",
    "means": "El certificado deja de ser válido y el organismo puede emitir otro.",
    "done": "La anulación quedó aprobada. El certificado ya no es válido y el organismo puede emitir otro."
   },
   "no": {
    "button": "Rechazar",
    "outcome": "rechazó la anulación",
    "means": "El certificado sigue vigente.",
    "done": "La anulación quedó rechazada. El certificado sigue vigente y el organismo lee sus razones.",
    "tone": "secondary"
   },
   "missing": "Elija «Aprobar» o «Rechazar»."
  }
 },
 "annulment_request": {
  "title": "Solicitud de anulación",
  "fields": [
   {
    "name": "reason",
    "type": "long_text",
    "label": "Motivo de la solicitud",
    "hint": "Diga qué está mal en el certificado y cómo debería decir.",
    "missing": "Falta el motivo. Escriba por qué pide la anulación.",
    "maximum": 500
   }
  ],
  "button": "Enviar Solicitud"
 },
 "document_reference": {
  "title": "N° factura / orden de compra",
  "fields": [
   {
    "name": "document_reference",
    "type": "document_number",
    "label": "N° factura / orden de compra",
    "hint": "Escríbalo tal como está en el documento, por ejemplo 4521 u OC-2026/118. Se imprime en el certificado.",
    "missing": "Falta el N° de factura u orden de compra. Escríbalo tal como está en el documento.",
    "maximum": 60
   }
  ],
  "button": "Emitir Certificado"
 },
 "retroactive_decision": {
  "title": "Resolución de la asistencia retroactiva",
  "fields": [
   {
    "name": "reason",
    "type": "long_text",
    "label": "Razones de la resolución",
    "hint": "El organismo capacitador las leerá. La resolución no se puede cambiar después.",
    "missing": "Faltan las razones. Escriba por qué aprueba o rechaza: el organismo las leerá.",
    "maximum": 2000
   }
  ],
  "decision": {
   "name": "granted",
   "yes": {
    "button": "Aprobar",
    "outcome": "aprobó la asistencia retroactiva",
    "means": "La clase recibe una marca retroactiva con su resolución.",
    "done": "La asistencia retroactiva quedó aprobada. La marca ya está en la clase y la asistencia se recalcula."
   },
   "no": {
    "button": "Rechazar",
    "outcome": "rechazó la asistencia retroactiva",
    "means": "La asistencia no cambia. El organismo puede pedirla otra vez con nuevos antecedentes.",
    "done": "La asistencia retroactiva quedó rechazada. La asistencia no cambia y el organismo lee sus razones.",
    "tone": "warning"
   },
   "missing": "Elija «Aprobar» o «Rechazar»."
  }
 },
 "retroactive_request": {
  "title": "Solicitud de asistencia retroactiva",
  "fields": [
   {
    "name": "reason",
    "type": "long_text",
    "label": "Motivo",
    "hint": "Diga por qué falta la marca y cómo consta que el participante estuvo en la clase.",
    "missing": "Falta el motivo. Escriba por qué falta la marca.",
    "maximum": 500
   }
  ],
  "button": "Enviar Solicitud",
  "built_in": [
   "attachments"
  ]
 }
}
""")
