"""The portal's blueprint; each file of this folder hangs its views on it."""

from flask import Blueprint

portal = Blueprint("portal", __name__)
PREFIX = "/CertificadoAsistencia"
