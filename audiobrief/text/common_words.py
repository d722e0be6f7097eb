"""Words of English that are in texts on any matter: sharing them means nothing."""

from __future__ import annotations

from audiobrief.text.plain_words import STOP_WORDS
from audiobrief.text.stems import stem

_COMMON_LIST = """
    able accept according account across act action actually add added age ago agree ahead allow
    almost alone along already although always among amount announce another answer anyone anything
    appear apply approach area around arrive article ask asked attempt available avoid away back
    bad base based become began begin beginning behind believe best better big bit board body book
    bring brought build building built business buy call called came cannot car care carry case
    cause center central century certain chance change check child children choice choose city
    class clear clearly close closed come comes coming common community company compare complete
    concern condition consider contact contain content continue control cost country couple course
    create created current currently cut daily data date day days deal decade decide decision deep
    demand design despite detail develop development difference different difficult director
    discuss done door doubt down draw drive drop due early easily easy effect effort either else end
    ended enjoy enough ensure enter entire especially etc even evening event eventually ever every
    everyone everything exactly example except exist expect expected experience explain extra face
    fact fall family far fast feature feel felt few field figure final finally find fine finish fit
    five focus follow following food force form former forward found four free friend front full
    future gave general generally get getting give given gives giving go goes going gone good got
    great ground group grow growing growth guide half hand happen happy hard having head health hear
    heard held help helped here high higher highly history hit hold home hope hour hours house
    however huge human hundred idea ideal identify image imagine immediately impact important
    improve
    include included including increase increasingly indeed individual industry information inside
    instead interest interested interesting involve issue item job join keep kept key kind knew know
    known lack land large larger largest last late later lead leader leading learn least leave led
    left less let level lie life light likely limit line link list little live lives living local
    long longer look looking lose loss lost lot love low lower main maintain major majority makes
    making man manage manager market matter maybe mean means measure meet meeting member men mention
    method middle mile million mind minute miss model modern moment money month months morning
    mother move moved moving name named nation national natural nature near nearly necessary need
    needed needs never new news next night nine none normal note nothing notice number numerous
    offer offered office often old one ones online open opened opportunity option order original
    others outside overall owner page paid part particular particularly partner party pass past pay
    people per percent perfect perhaps period person personal photo pick picture piece place places
    plan planned plans play point points popular position possible post potential power practice
    prepare present press price private probably problem problems process produce product program
    project provide provided public purpose put quality question quick quickly quite raise range
    rate rather reach read ready real really reason reasons receive recent recently record reduce
    region related release remain remember remove report reported require required research rest
    result results return review right rise risk road role room rule run running safe sale saw
    saying scene school science search season second section see seem seems seen self sell send
    sense sent separate series serious serve service services set setting seven several shape share
    short show showed shown shows side sign significant similar simple simply since single site
    situation six size skill small social soft solution someone something sometimes soon sort sound
    source space speak special specific spend spent spring stage stand standard start started
    starting state statement stay step still stop store story street strong structure student
    study stuff style subject success successful suggest summer support sure system table take taken
    takes taking talk talking task team technology tell ten term terms test text thank thanks thing
    things think thinking third though thought thousand three time times tip today together told
    tomorrow tonight took tool top total touch toward towards town track travel true truth try
    trying turn turned twice type types understand unique unit unless use used useful user uses
    using usually value various version via view visit wait walk want wanted wants war watch water
    way ways website week weeks welcome well went west whatever whether white whole wide win winter
    wish within without woman women wonder word words work worked working works world worth write
    writer writing written wrong wrote year years young
"""
#: Stems, as `audiobrief.text.stems.stem` makes them.
COMMON_STEMS = frozenset(stem(word) for word in _COMMON_LIST.split()) | frozenset(
    stem(word) for word in STOP_WORDS
)
