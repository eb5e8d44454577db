"""Ayuda: the steps with the words of the buttons, and what each state lets one do."""

from flask import render_template

from app.domain.permissions import Action
from app.domain.states import CertificateState
from app.web.access import access
from app.web.portal.blueprint import PREFIX, portal

MEANINGS = {
    CertificateState.PENDING_ISSUANCE: "Todavía no se emite. Desde el día siguiente al término, use «Generar Certificado».",
    CertificateState.ISSUED: "Está vigente: preséntelo con «Ver». Si quedó mal, use «Solicitud de anulación certificado».",
    CertificateState.PENDING_VALIDATION: "Se pidió su anulación y la Dirección Regional no ha resuelto. Sigue vigente.",
    CertificateState.APPROVED_FOR_REISSUE: "La anulación se aprobó: ya no vale. Emita otro con «Generar Certificado».",
    CertificateState.REJECTED: "La solicitud se rechazó y el certificado sigue vigente. Puede pedir reposición en 5 días hábiles.",
    CertificateState.VOIDED: "SENCE lo anuló por rectificación del curso. Emita otro con «Generar Certificado».",
}


@portal.get(f"{PREFIX}/Ayuda")
@access(Action.ANYONE)
def help() -> str:
    states = [{"label": state.label, "code": state.value, "meaning": MEANINGS[state]} for state in CertificateState]
    return render_template("portal/help.html", states=states)
