"""Dated control maps: boundaries and a control table in, a sourced map out."""

from __future__ import annotations

__version__ = "0.1.0"
