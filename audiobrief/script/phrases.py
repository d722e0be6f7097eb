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


@dataclass(frozen=True, slots=True)
class ProgrammePhrases:
    """Words of our own around the stories of a programme; ``{}`` takes a name."""

    headlines: str
    #: What leads to a story: the first one, those between in turn, the last one.
    first: str
    turns: tuple[str, ...]
    last: str
    #: After a turn and a comma.
    source: str
    by: str
    others: str
    conjunction: str
    disclosure: str
    closing: str
    end: str


_PROGRAMME_PHRASES = {
    "en": ProgrammePhrases(
        headlines="The headlines.",
        first="First",
        turns=("Next", "In other news", "Now"),
        last="And finally",
        source="from {}",
        by="by {}",
        others="Also reported by {}.",
        conjunction="and",
        disclosure="This programme is read by a synthetic voice.",
        closing="That was {}.",
        end="End of the programme.",
    ),
    "de": ProgrammePhrases(
        headlines="Die Schlagzeilen.",
        first="Zuerst",
        turns=("Als Nächstes", "Weitere Nachrichten", "Nun"),
        last="Und zum Schluss",
        source="aus: {}",
        by="von {}",
        others="Darüber berichten auch {}.",
        conjunction="und",
        disclosure="Dieses Programm wird von einer synthetischen Stimme gelesen.",
        closing="Das war {}.",
        end="Ende des Programms.",
    ),
    "es": ProgrammePhrases(
        headlines="Los titulares.",
        first="Primero",
        turns=("A continuación", "En otras noticias", "Ahora"),
        last="Y por último",
        source="de {}",
        by="por {}",
        others="También informan {}.",
        conjunction="y",
        disclosure="Este programa lo lee una voz sintética.",
        closing="Esto fue {}.",
        end="Fin del programa.",
    ),
    "fr": ProgrammePhrases(
        headlines="Les titres.",
        first="D'abord",
        turns=("Ensuite", "Dans le reste de l'actualité", "Maintenant"),
        last="Et pour finir",
        source="source : {}",
        by="par {}",
        others="Également rapporté par {}.",
        conjunction="et",
        disclosure="Ce programme est lu par une voix de synthèse.",
        closing="C'était {}.",
        end="Fin du programme.",
    ),
    "it": ProgrammePhrases(
        headlines="I titoli.",
        first="Per prima cosa",
        turns=("Poi", "Tra le altre notizie", "Ora"),
        last="E infine",
        source="da {}",
        by="di {}",
        others="Ne parlano anche {}.",
        conjunction="e",
        disclosure="Questo programma è letto da una voce sintetica.",
        closing="Avete ascoltato {}.",
        end="Fine del programma.",
    ),
    "nl": ProgrammePhrases(
        headlines="De koppen.",
        first="Eerst",
        turns=("Vervolgens", "In ander nieuws", "Nu"),
        last="En tot slot",
        source="uit {}",
        by="door {}",
        others="Ook bericht door {}.",
        conjunction="en",
        disclosure="Dit programma wordt voorgelezen door een synthetische stem.",
        closing="Dit was {}.",
        end="Einde van het programma.",
    ),
    "pt": ProgrammePhrases(
        headlines="As manchetes.",
        first="Primeiro",
        turns=("A seguir", "Em outras notícias", "Agora"),
        last="E por fim",
        source="de {}",
        by="por {}",
        others="Também noticiado por {}.",
        conjunction="e",
        disclosure="Este programa é lido por uma voz sintética.",
        closing="Você ouviu {}.",
        end="Fim do programa.",
    ),
    "sv": ProgrammePhrases(
        headlines="Rubrikerna.",
        first="Först",
        turns=("Därefter", "I andra nyheter", "Nu"),
        last="Och till sist",
        source="från {}",
        by="av {}",
        others="Rapporteras också av {}.",
        conjunction="och",
        disclosure="Det här programmet läses av en syntetisk röst.",
        closing="Det var {}.",
        end="Slut på programmet.",
    ),
}


def programme_phrases(language: str) -> ProgrammePhrases:
    """Return the words around stories in a language; in English where we do not know them."""
    code = language.lower().partition("-")[0]
    return _PROGRAMME_PHRASES.get(code, _PROGRAMME_PHRASES["en"])
