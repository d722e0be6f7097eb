"""The few words that we add to an article, in the languages we know them in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """Words of our own; ``{}`` takes a name."""

    by: str
    source: str
    disclosure: str
    #: Before a quotation whose speaker is not certain.
    quote: str
    closing: str
    end: str


_PHRASES = {
    "en": Phrases(
        by="By {}",
        source="From {}",
        disclosure="This article is read by a synthetic voice.",
        quote="Quote:",
        closing="That was {}.",
        end="End of the article.",
    ),
    "de": Phrases(
        by="Von {}",
        source="Aus: {}",
        disclosure="Dieser Artikel wird von einer synthetischen Stimme gelesen.",
        quote="Zitat:",
        closing="Das war {}.",
        end="Ende des Artikels.",
    ),
    "es": Phrases(
        by="Por {}",
        source="De {}",
        disclosure="Este artículo lo lee una voz sintética.",
        quote="Cita:",
        closing="Esto fue {}.",
        end="Fin del artículo.",
    ),
    "fr": Phrases(
        by="Par {}",
        source="Source : {}",
        disclosure="Cet article est lu par une voix de synthèse.",
        quote="Citation :",
        closing="C'était {}.",
        end="Fin de l'article.",
    ),
    "it": Phrases(
        by="Di {}",
        source="Da {}",
        disclosure="Questo articolo è letto da una voce sintetica.",
        quote="Citazione:",
        closing="Avete ascoltato {}.",
        end="Fine dell'articolo.",
    ),
    "nl": Phrases(
        by="Door {}",
        source="Uit {}",
        disclosure="Dit artikel wordt voorgelezen door een synthetische stem.",
        quote="Citaat:",
        closing="Dit was {}.",
        end="Einde van het artikel.",
    ),
    "pt": Phrases(
        by="Por {}",
        source="De {}",
        disclosure="Este artigo é lido por uma voz sintética.",
        quote="Citação:",
        closing="Você ouviu {}.",
        end="Fim do artigo.",
    ),
    "sv": Phrases(
        by="Av {}",
        source="Från {}",
        disclosure="Den här artikeln läses av en syntetisk röst.",
        quote="Citat:",
        closing="Det var {}.",
        end="Slut på artikeln.",
    ),
}


def phrases_of(language: str) -> Phrases:
    """Return our words in a language (RFC 5646); in English where we do not know them.

    >>> phrases_of("de-AT").quote, phrases_of("fi").quote
    ('Zitat:', 'Quote:')
    """
    return _PHRASES.get(language.lower().partition("-")[0], _PHRASES["en"])
