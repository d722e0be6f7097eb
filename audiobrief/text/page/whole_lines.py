"""Lines that are page furniture as a whole, wherever they stand: in English and six languages."""

from __future__ import annotations

#: Ends of a line that is no sentence.
_OPEN = r"(?<![.!?])"
_PAGE = r"(?:page|article|story|post|recipe|video|gallery|podcast|link)"
_THINGS = r"(?:stories|articles|posts|topics|news|links|content|coverage|reading|videos)"
_MAIL = r"(?:newsletters?|inbox|e-?mails?|alerts?|updates?|briefings?|bulletins?)"
_CREDITED = r"(?:reporting|writing|editing|research|production|translation|compiled|graphics)"
_PICTURE = r"(?:photo(?:graph)?|image|picture|illustration|graphic|foto|bild|imagen|imagem)s?"
_NEWS = r"(?:a los? |\u00e0 la |zum |al |ao )?(?:newsletter|bolet\u00edn|infolettre|nieuwsbrief)"

#: Purpose and patterns over lower-case text; the whole line must fit.
WHOLE_LINES = {
    "advertising": r"""
        advert(?:isement|ising)s?
        sponsored(?: content| post| links?)?
        (?:paid|partner|promoted) content
        (?:article|story) continues (?:below|after).{0,40}
        continue reading below.{0,40}
        anzeige|werbung|publicit\u00e9|publicidade?|publicidad|pubblicit\u00e0|advertentie|reklama
    """,
    "date line": rf"""
        (?:posted|published) (?:by|in|on) .{{1,80}}{_OPEN}
        (?:first |last )?(?:published|updated|modified)\b(?: on| at|:)?.{{0,30}}\d[:.]\d\d\b.{{0,40}}{_OPEN}
        (?:first |last )?(?:published|updated|modified)(?: on| at|:)? [^.!?]{{0,30}}\d{{4}}\b.{{0,30}}{_OPEN}
    """,  # noqa: E501 - one pattern a line
    "picture credit": rf"""
        (?:(?:photo|image|picture|video) )?credits?: .{{1,120}}{_OPEN}
        {_PICTURE} ?(?: by|:|/) ?.{{1,80}}{_OPEN}
        .{{1,140}}[.!?)] {_PICTURE}(?: credit| by)?: .{{1,60}}{_OPEN}
        (?:image|photo|picture|video|media) (?:source|caption),? ?:? ?.{{0,160}}
        (?:view|open) (?:image|picture|photo)s?(?: in .{{1,20}})?
        (?:click|tap) (?:to|on the (?:photo|image|picture) to) (?:enlarge|expand|zoom).{{0,20}}
    """,
    "navigation": r"""
        back to (?:selection|top|results|list|home|menu|overview|all .{1,30})
        view (?:web ?cam|gallery|comments|profile|slideshow|all|more)s?
        read this next
        skip past .{1,60}
    """,
    "related articles": rf"""
        read (?:more|also|next|this)(?: here| on this| about it)? ?[:\u2013\u2014|-] ?.{{1,160}}
        read more(?: (?:about|on|from|at|of|in) .{{1,80}}{_OPEN})?(?: here)?
        (?:see also|also read|also see|related|more) ?(?::|\u2013|\u2014|\|) ?.{{1,160}}{_OPEN}
        (?:related|recommended|more|similar) {_THINGS}(?: ?: ?.{{1,160}}{_OPEN})?
        more on this (?:story|topic)
        more from .{{1,40}}{_OPEN}
        you (?:may|might) also (?:like|be interested in|enjoy).{{0,30}}
        (?:watch|listen)(?: now| live| here)?: .{{1,140}}{_OPEN}
        explore more(?: on .{{1,40}})?
        (?:lesen sie|lies) (?:auch|mehr|hier|dazu)\b.{{0,160}}
        (?:mehr zum thema|auch interessant|das k\u00f6nnte sie auch interessieren)\b.{{0,160}}
        (?:\u00e0|a) (?:lire|voir|\u00e9couter)(?: aussi)?(?: ?:.{{1,160}})?
        (?:lire|voir) (?:aussi|\u00e9galement)\b.{{0,160}}
        (?:lee|lea|leer|vea|ver|mira) (?:tambi\u00e9n|adem\u00e1s|m\u00e1s)\b.{{0,160}}{_OPEN}
        (?:te|le) puede interesar\b.{{0,160}}
        (?:leggi|guarda) anche\b.{{0,160}}
        (?:lees|bekijk) ook\b.{{0,160}}
        (?:leia|veja) (?:tamb\u00e9m|mais)\b.{{0,160}}
    """,
    "sharing": rf"""
        share(?: this)?(?: {_PAGE})?(?: (?:on|via|to) .{{1,60}})?{_OPEN}
        (?:print|save|e-?mail|bookmark) this {_PAGE}
        (?:teilen|partager|compartir|condividi|delen|compartilhar|partilhar)(?: .{{1,40}})?{_OPEN}
    """,
    "copyright": r"""
        (?:copyright|\(c\)|\u00a9)(?: ?\u00a9)? ?\d{4}\b.{0,200}
        \u00a9 .{1,120}
    """,
    "terms and privacy": r"""
        (?:impressum|datenschutz|mentions l\u00e9gales|aviso legal|note legali|colofon|privacidad)\b.{0,80}
    """,  # noqa: E501 - one pattern a line
    "comments": r"""
        (?:\d{1,5} )?(?:kommentare?|commentaires?|comentarios?|coment\u00e1rios?|commenti|reacties)(?: \(\d{1,5}\))?
    """,  # noqa: E501 - one pattern a line
    "sign-in": r"""
        already (?:have an account|a (?:member|subscriber)|registered|subscribed)\?.{0,60}
        (?:don'?t|do not) have an account\?.{0,60}
        remember me\b.{0,40}
        this (?:article|content|story) is exclusive (?:to|for) .{1,60}(?:subscribers|members).{0,60}
    """,
    "paywall": r"""
        (?:please )?(?:subscribe|sign ?in|log ?in|register|sign up|join)(?: now| today| here)? to (?:continue|keep|read|unlock)\b.{0,80}
        (?:to )?(?:continue|keep) reading,? (?:this .{1,30})?(?:subscribe|sign in|log in|register|with|for).{0,80}
    """,  # noqa: E501 - one pattern a line
    "newsletter sign-up": rf"""
        get .{{1,60}} in your inbox\.?
        (?:get|join|try) (?:our|the) .{{0,40}}newsletters?\b.{{0,40}}
        (?:sign up|subscribe|register)(?: here| now| today)? (?:to|for) .{{0,120}}\b{_MAIL}\b.{{0,60}}
        enter (?:your )?e-?mail(?: address)?.{{0,20}}
        there was an? (?:issue|error|problem) with (?:the|your) (?:form|request|submission)\b.{{0,60}}
        (?:after|before) newsletter promotion
        newsletter(?: ?: ?.{{1,120}})?
        (?:abonnieren|jetzt anmelden|inscrivez-vous|abonnez-vous|suscr\u00edbete|iscriviti|assine)\b.{{0,40}}{_NEWS}\b.{{0,60}}
    """,  # noqa: E501 - one pattern a line
    "rating and votes": r"""
        (?:rated |rating:? )?\d(?:[.,]\d{1,2})?(?: ?/ ?\d{1,3})?(?: stars?)?(?: (?:from|out of|based on|of) .{0,30})?\d[\d,.]{0,8} (?:votes?|reviews?|ratings?)
    """,  # noqa: E501 - one pattern a line
    "credits": rf"""
        \((?:additional |with )?(?:reporting|writing|editing|{_CREDITED}) by .{{1,200}}\)?\.?
        (?:additional )?(?:reporting|writing) (?:and (?:writing|editing) )?by .{{1,120}}; ?.{{0,40}}editing by .{{1,60}}
        additional (?:reporting|research|writing) by [^.!?]{{1,100}}\.?
        (?:reporting|editing|writing) by [^.!?]{{1,60}}
    """,  # noqa: E501 - one pattern a line
    "contact": r"""
        (?:contact|e-?mail|write to|reach|follow|tweet|message) (?:the |our )?(?:reporters?|authors?|writers?|editors?|newsroom|[\w.]{1,30})\b.{0,40}@[\w.-]{1,60}
        (?:do|are|have|did|were) you .{1,100}\? (?:e-?mail|contact|write to|message|tell us|get in touch|let us know|share).{1,120}
    """,  # noqa: E501 - one pattern a line
    "reading time": r"""
        .{0,40}\b(?:lesezeit|temps de lecture|tiempo de lectura|tempo di lettura|leestijd)\b.{1,20}
        \d{1,2} ?min(?:ute)?s? read
    """,
    "price": r"""
        [$\u20ac\u00a3] ?\d[\d.,]{0,10}
    """,
}
#: They head what others paid for, and stand below the text or between its paragraphs.
PAID_SECTION = r"(?:sponsored|paid|partner|promoted) (?:content|stories|posts|links)|around the web"
