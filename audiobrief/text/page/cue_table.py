"""What page furniture says: the phrases themselves, by purpose, in the words of any site."""

from __future__ import annotations

#: Purpose, as the ledger names it, and its phrases, one a line, as patterns over lower-case text.
#: No name of any site stands here, save the networks that share buttons lead to.
CUES = {
    "sharing": r"""
        ^(?:teilen|partager|compartir|condividi|delen|compartilhar|partilhar)\b
        ^share\b
        \bshare (?:this|on|via|to|with|article|options?)\b
        \bcopy (?:the )?link\b
        \b(?:email|print|bookmark|save) (?:this|article|page|story)\b
        ^(?:print|email|e-mail|copy|save)$
    """,
    "social networks": r"""
        \b(?:facebook|twitter|instagram|linkedin|pinterest|whatsapp|reddit|tiktok|tumblr)\b
        \b(?:telegram|youtube|flipboard|mastodon|bluesky|threads)\b
    """,
    "sign-in": r"""
        \b(?:anmelden|einloggen|se connecter|iniciar sesi\u00f3n|accedi|inloggen)\b
        \b(?:sign|log) ?(?:in|out|on)\b
        \bregister\b
        \b(?:create|my|your) (?:an? )?(?:free )?account\b
        \bforgot(?:ten)? (?:your )?password\b
    """,
    "newsletter sign-up": r"""
        \bnewsletters?\b
        \bsign up\b
        \bsubscrib(?:e|ed|ers?|ing)\b
        \bsubscriptions?\b
        \b(?:to|in) your inbox\b
        \bdirect to your\b
        \bemail (?:address|updates|alerts)\b
        \bunsubscribe\b
    """,
    "apps": r"""
        \b(?:download|get|install)\b.{0,30}\bapps?\b
        \bapp store\b
        \bgoogle play\b
    """,
    "following": r"""
        ^follow(?:ing)?\b
        \bfollow (?:us|me|him|her|them|on)\b
        \bjoin us\b
        \blike us\b
    """,
    "related articles": r"""
        ^(?:lesen sie|mehr zum thema|das k\u00f6nnte sie|meistgelesen|auch interessant)\b
        ^(?:lire aussi|\u00e0 lire|voir aussi|sur le m\u00eame sujet|lee tambi\u00e9n)\b
        ^(?:[lt]e puede interesar|m\u00e1s informaci\u00f3n|leggi anche|lees ook)\b
        ^leia (?:tamb\u00e9m|mais)\b
        ^(?:read|see|view|show|load|learn|find out|discover|watch|more) (?:more|also|all)\b
        ^(?:next|now|on|from|about|in)\b
        ^(?:related|recommended|trending|popular|most (?:read|popular|viewed|shared)|latest)\b
        ^(?:more|also|you (?:may|might)|don'?t miss|editor'?s'? (?:picks?|choice))\b
        ^(?:top stories|in this (?:article|story|section|issue)|up next|what to read)\b
        ^(?:continue reading|keep reading|further reading)\b
        ^(?:recent (?:posts|articles|stories|comments))\b
        \byou (?:may|might) (?:also )?(?:like|be interested)\b
        \bsimilar (?:articles|posts|stories)\b
    """,
    "reading time": r"""
        \blesezeit\b
        \btemps de lecture\b
        \btiempo de lectura\b
        \bleestijd\b
        \b\d{1,3}[ -]?(?:min(?:ute)?s?|sec(?:ond)?s?)\.?(?: of)?[ -](?:read|listen|watch)\b
        \breading time\b
        \btime to read\b
    """,
    "date line": r"""
        ^(?:first )?(?:published|updated|posted|modified|last (?:updated|modified|edited))\b
        ^(?:created|date)\b
        \b(?:hours?|minutes?|mins?|days?|weeks?|months?|years?) ago\b
    """,
    "cookies": r"""
        \bcookies?\b
        \badvertising partners\b
        \baccept all\b
        \bconsent\b
    """,
    "terms and privacy": r"""
        \b(?:impressum|datenschutz\w{0,12}|nutzungsbedingungen|mentions l\u00e9gales)\b
        \bconfidentialit\u00e9\b
        \b(?:aviso legal|privacidade?|privacidad|privacybeleid|note legali|voorwaarden|colofon)\b
        \bprivacy(?: policy| notice| statement)?\b
        \bterms (?:of (?:use|service)|and conditions|& conditions)\b
        \baccessibility\b
        \bdisclaimers?\b
        \bdo not sell\b
        \bimprint\b
    """,
    "advertising": r"""
        ^(?:anzeige|werbung|publicit\u00e9|publicidade?|publicidad|pubblicit\u00e0|advertentie)\b
        \badvert(?:ise|isement|isements|ising|orial)\b
        \bsponsored\b
        \baffiliate\b
        \bpaid (?:post|content|partnership)\b
        \bpromot(?:ed|ion)\b
        ^ad\b
    """,
    "comments": r"""
        \b(?:kommentare?|commentaires?|comentarios?|coment\u00e1rios?|commenti|reacties)\b
        \bcomments?\b
        \b(?:leave|post|add|write) a (?:comment|reply|review)\b
        \breply\b
        \bjoin the (?:conversation|discussion)\b
        \blog in to comment\b
        \bupvotes?\b
        \bmoderat(?:ed|ion|or)\b
    """,
    "copyright": r"""
        \balle rechte vorbehalten\b
        \btous droits r\u00e9serv\u00e9s\b
        \btodos (?:los derechos|os direitos) reservados\b
        \btutti i diritti riservati\b
        \balle rechten voorbehouden\b
        ©
        \bcopyright\b
        \(c\) ?\d{4}
        \ball rights reserved\b
        \bpowered by\b
        \breprints?\b
    """,
    "navigation": r"""
        ^(?:home|menu|search|skip to|jump to|back to|go to|toggle|close|open|about(?: us)?)\b
        ^(?:contact(?: us)?|help|faqs?|sitemap|site map|careers|jobs|archives?|categories)\b
        ^(?:category|topics?|sections?|news|sports?|business|opinion|video|videos|photos)\b
        ^(?:gallery|galleries|weather|lifestyle|entertainment|politics|world|technology)\b
        ^(?:health|science|culture|travel|food|shop|store|events|magazine|blog|press|all)\b
        ^(?:next|previous|prev|english|listen|play|pause|loading|expand|read|author|authors)\b
        ^(?:page)\b
    """,
    "audio and video": r"""
        \bpodcasts?\b
        \b(?:watch|listen)(?: (?:now|live|to|on|the))\b
        \blive ?stream\b
        \bvideo (?:player|by)\b
        \bon demand\b
        \bplaylist\b
        \bepisodes?\b
        \bnew tab\b
        \bnew window\b
    """,
    "picture credit": r"""
        \b(?:photo(?:graph)?s?|image|picture|illustration|graphic) ?(?:by|from|courtesy|via)\b
        \b(?:photo(?:graph)?s?|image|picture|illustration|graphic) ?(?:credit|source|of|:|/)
        \bcredits?:
        \bcourtesy of\b
        \bgetty\b
        \bshutterstock\b
        \b(?:file|stock) (?:photo|image|picture)\b
        \bcaption\b
        ^(?:image|photo|picture|figure|fig\.|source|above|pictured)\b
        \bon unsplash\b
        \bclick to (?:enlarge|expand)\b
        \b(?:view|open) (?:image|picture|photo)s?\b
    """,
    "links": r"""
        \bclick (?:here|on|the)\b
        \btap here\b
        \bhttps?://
        \bwww\.
        \blearn more\b
        \bfind out more\b
        \bview (?:all|profile|more)\b
        \bsee all\b
    """,
    "tags": r"""
        ^(?:tags?|topics?|filed under|posted in|categor(?:y|ies)|keywords?|labels?)\b ?:?
        ^(?:tagged|explore more|more on|in)\b ?:?
        ^#\w
    """,
    "donations and membership": r"""
        \bdonat(?:e|ion|ions)\b
        \bsupport (?:us|our)\b
        \bbecome a\b
        \bmembers?(?:hip)?\b
        \bpatreon\b
        \bgift (?:this|article)\b
        \bfree trial\b
        \bper month\b
    """,
    "about the author": r"""
        ^about (?:the )?author\b
        \b(?:is|was) an? .{0,40}\b(?:reporter|journalist|writer|editor|correspondent)\b
        \b(?:contributor|author|columnist)\b
        \bcontributed to this (?:report|story|article)\b
        \bhis (?:work|writing)\b
        \bher (?:work|writing)\b
        \bview all posts\b
        \bposts by\b
        \bmore by\b
    """,
    "contact": r"""
        \b(?:send|e-?mail|contact|call|write to|reach) (?:us|me)\b
        @[\w-]{1,60}\.\w
        \bphone\b
        \baddress\b
        \bget in touch\b
        \bnews tips?\b
    """,
    "shop": r"""
        \badd to (?:cart|bag|basket)\b
        \bbuy now\b
        \bcheckout\b
        \bfree shipping\b
        \bsale\b
        \bin stock\b
        \bcoupons?\b
        \bdeals?\b
    """,
    "agreement": r"""
        \bby (?:subscribing|signing|clicking|submitting|continuing|entering|using)\b
        \byou agree\b
        \byou (?:can|may) (?:opt|unsubscribe)\b
        \bplease (?:enable|check|try|enter|select|note)\b
        \bjavascript\b
        \brequired fields?\b
        \bthis (?:site|website)\b
    """,
    "offers": r"""
        \b(?:get|request|book|schedule|see|watch) (?:an?|your|the|our) (?:quote|demo|estimate)\b
        \b(?:free|live) (?:quote|demo|estimate)\b
        \b(?:request|book|schedule) (?:an?|your|the|our) (?:free )?(?:call|consultation|tour)\b
        ^get (?:started|instant|a free|your free)\b
        \bstart (?:your|a) (?:free )?(?:\d+[- ]day )?(?:free )?trial\b
        \b(?:free|day) trial\b
        \btry (?:it |us )?(?:for )?free\b
        \bdownload\b
        ^(?:install|book|order|apply|shop|start|explore|discover|try|donate)(?: now| here| today)?$
        \bour (?:experts?|software|platform|team|services?|products?|solutions?|app)\b
        \bcontact us\b
        \b\d{1,2}% off\b
    """,
    "disclosure": r"""
        \bearn (?:us |me )?(?:a |an )?(?:small )?(?:affiliate )?commissions?\b
        \breader[- ]supported\b
        \bour (?:editors|journalism|editorial|links|site|website|readers)\b
        \b(?:chosen|selected|reviewed) independently\b
        \bindependently (?:chosen|selected|reviewed)\b
        \bfact[- ]check(?:ed|er)?\b
        \bmedically reviewed\b
        \bopinions expressed\b
        \bnon-?profit\b
        \boriginally (?:published|written|appeared)\b
        \bthis (?:article|post|story|page|content) (?:was|is|may|has|contains)\b
    """,
    "a reader's comment": r"""
        \bsays:$
        ^(?:posted by|reply to|in reply to|comment by)\b
        \bat \d{1,2}[:.]\d{2} ?(?:am|pm|a\.m\.|p\.m\.)?\b
        \breport(?: abuse| this| comment)$
        ^(?:great|nice|thanks|thank you|good) (?:post|article|read|job|for|info)\b
    """,
    "rating and votes": r"""
        \b\d[\d,.]*[km]? (?:likes?|shares?|views?|votes?|reviews?|followers?)\b
        \brate this\b
        \bwas this (?:helpful|article)\b
        \bhelpful\?
    """,
}
