"""What page furniture says: the phrases themselves, by purpose, in the words of any site."""

from __future__ import annotations

#: Purpose, as the ledger names it, and its phrases, one a line, as patterns over lower-case text.
#: No name of any site stands here, save the networks that share buttons lead to.
CUES = {
    "sharing": r"""
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
        \bprivacy(?: policy| notice| statement)?\b
        \bterms (?:of (?:use|service)|and conditions|& conditions)\b
        \baccessibility\b
        \bdisclaimers?\b
        \bdo not sell\b
        \bimprint\b
    """,
    "advertising": r"""
        \badvert(?:ise|isement|isements|ising|orial)\b
        \bsponsored\b
        \baffiliate\b
        \bpaid (?:post|content|partnership)\b
        \bpromot(?:ed|ion)\b
        ^ad\b
    """,
    "comments": r"""
        \bcomments?\b
        \b(?:leave|post|add|write) a (?:comment|reply|review)\b
        \breply\b
        \bjoin the (?:conversation|discussion)\b
        \blog in to comment\b
        \bupvotes?\b
        \bmoderat(?:ed|ion|or)\b
    """,
    "copyright": r"""
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

#: Lines that are furniture wherever they stand, also amid the text: the whole line must fit.
WHOLE_LINES = {
    "advertising": r"""
        advert(?:isement|ising)s?
        sponsored(?: content| post| links?)?
        (?:paid|partner|promoted) content
        (?:article|story) continues (?:below|after).{0,40}
        continue reading below.{0,40}
    """,
    "date line": r"""
        (?:posted|published) (?:by|in|on) .{1,80}(?<![.!?])
    """,
    "picture credit": r"""
        (?:(?:photo|image|picture|video) )?credits?: .{1,120}(?<![.!?])
    """,
    "navigation": r"""
        back to (?:selection|top|results|list|home|menu|overview|all .{1,30})
        view (?:web ?cam|gallery|comments|profile|slideshow|all|more)s?
        read this next
    """,
    "copyright": r"""
        (?:copyright|\(c\)|\u00a9)(?: ?\u00a9)? ?\d{4}\b.{0,200}
    """,
    "sign-in": r"""
        already (?:have an account|a (?:member|subscriber)|registered|subscribed)\?.{0,60}
        (?:don'?t|do not) have an account\?.{0,60}
        remember me\b.{0,40}
        this (?:article|content|story) is exclusive (?:to|for) .{1,60}(?:subscribers|members).{0,60}
    """,
    "newsletter sign-up": r"""
        get .{1,60} in your inbox\.?
        enter (?:your )?e-?mail(?: address)?.{0,20}
        there was an? (?:issue|error|problem) with (?:the|your) (?:form|request|submission)\b.{0,60}
    """,
    "price": r"""
        [$\u20ac\u00a3] ?\d[\d.,]{0,10}
    """,
}
#: They head what others paid for, and stand below the text or between its paragraphs.
PAID_SECTION = r"(?:sponsored|paid|partner|promoted) (?:content|stories|posts|links)|around the web"
