"""Rules for English: what kind of question a question is, by its words.

As in question_rules.py a rule is a name and a pattern over plain text, read from the start after openers such as
"okay, so". The first that matches decides, and its name is kept, so that a person can see why.
"""

from __future__ import annotations

import re
from collections.abc import Container
from enum import StrEnum

from coaching.metrics.question_rules import AUX, NOT, SUBJECT, WH, after_openers, pattern


class Kind(StrEnum):
    """What a question asks for (docs/measures.md)."""

    OPEN = "open"
    REASON = "reason"
    RELATING = "relating"
    WH_FACT = "wh-fact"
    YES_NO = "yes/no"
    CHECKING = "checking"
    MANAGEMENT = "management"
    TAG = "tag"
    ECHO = "echo"

    @property
    def is_open(self) -> bool:
        return self in (Kind.OPEN, Kind.REASON, Kind.RELATING)

    @property
    def is_content(self) -> bool:
        """Open or closed: about the matter of the lesson."""
        return self.is_open or self in (Kind.WH_FACT, Kind.YES_NO)


def kind_of(text: str) -> tuple[Kind, str]:
    """The kind of a question by its words (plain) alone, and the rule that decided.

    What no rule knows is a statement with a question mark: yes or no.
    """
    start = after_openers(text)
    for kind, name, rule in KINDS:
        if rule.match(text, start):
            return kind, name
    return Kind.YES_NO, "a statement said as a question"


def is_name(text: str, common: Container[str] = ()) -> bool:
    """Whether a question of one word can only be a name: a capital, and no number, no word of `common` or of below."""
    word = text.strip(" .,?!…\"“”’'")
    return bool(_CAPITAL.fullmatch(word)) and word.lower() not in common and not _NO_NAME.fullmatch(word.lower())


_CAPITAL = re.compile(r"[A-Z][a-z]+")
_NO_NAME = pattern(r"""(?:what|how|why|where|who|which|when|because|yes|yeah|no|nope|okay|ok|right|correct|really|
    ready|done|remember|agree|disagree|questions?|comments|anything|anyone|anybody|everybody|everyone|someone|class|
    guys|ladies|neither|either|both|none|all|more|less|bigger|smaller|larger|greater|same|different|true|false|and|or|
    so|but|then|times|plus|minus|equals|using|finished|pardon|sorry|see|huh|clear|good|first|second|third|last|next|
    another|again|here|there|this|that|these|those|it|you|me|we|one|two|three|four|five|six|seven|eight|nine|ten|
    eleven|twelve|after|before|to|of|red|blue|green|yellow|orange|purple|white|black|brown|pink|\w+teen|\w+ty|
    \w*hundred|thousand|million|zero|half|halves|fourths?|quarters?|\w+ths?|\w+(?:tion|sion|ing|rds|ves|ity|ment|ness|
    gon|ngle|ngles|metry))""")


def _kinds(*table: tuple[Kind, str, str]) -> tuple[tuple[Kind, str, re.Pattern[str]], ...]:
    return tuple((kind, name, pattern(text)) for kind, name, text in table)


_FEW = r"(?:[\w']+ ){0,3}"
_NO_WH = rf"(?:(?!{WH}\b)[\w']+ ){{0,4}}"
"""A few words, none of which makes what follows a question of what or how."""
_NO_VERB = rf"(?:(?!{AUX}\b)[\w']+ ){{0,3}}"
_PEOPLE = "(?:you|we|you guys|you all|you two|y'all|people|they|everybody|everyone|anybody|anyone|someone|somebody)"
_TO = "(?:me|us|the class|everybody|everyone|him|her|them)"
_SOMEBODY = "(?:anybody|anyone|somebody|someone|any of you)"
_THINK = """(?:notice|think|thinking|wonder|wondering|predict|remember|observe|estimate|suggest|feel|imagine|find|
    discover|talk|come up with|hear|heard|learn|learned|write|say|see|discuss|decide|figure out|talked)"""
_HANDLE = """(?:sit|stand|come(?! up with)|bring|head|turn|put|get|take|close|open|pass|call|hand|raise|move|go|
    wait|stop|start|clean|grab|line|hold|look|give|read|be|help|erase|pause|slide|scoot|find a|face|track|listen|hear|
    hurry|whisper|switch|share your screen|mute|unmute|write that|write your|write it|try that|use|pull|click|push|
    draw|do that|do me|do this|mark|fix|label|sign)"""
_THINGS = """(?:books?|pencils?|papers?|whiteboards?|markers?|desks?|notebook|journals?|folder|seat|chair|
    chromebook|computer|laptop|screen|mic|camera|homework|slates?)"""
_FOLLOWING = """(?:understand|get it|get that|got it|got that|see that|see how|see why|see what i|follow|following|
    with me|clear on|confused|stuck|lost|good with|comfortable with|forget|need help|needs help)"""

KINDS = _kinds(
    # Tags first: they hang on any sentence, and make even a statement a question.
    (Kind.TAG, "bare tag", """(?:(?:okay|ok|right|all right|alright|yes|yeah|huh|correct|see|really|you know|you see|
        you know what|guess what|know what|how about that|no|pardon|sorry|excuse me|fair enough|isn't it|so|deal|cool|
        good|got you)(?: |$))+$"""),
    (Kind.TAG, "ends in a tag", rf"""[\w' ]+ (?:right|okay|ok|alright|all right|yeah|huh|correct|
        {NOT} (?:i|you|we|they|he|she|it|that|there))$"""),
    (Kind.TAG, "ends in a verb and its subject", rf"""(?!.*\b{WH}\b)(?!{AUX}\b)(?:[\w'/.]+ ){{3,}}
        (?:do|does|did|is|are|was|were|can|will|has|have) (?:i|you|we|they|he|she|it)$"""),
    (Kind.CHECKING, "any questions", r""".*\b(?:any|any other|any more|other|have|questions?) (?:questions?|comments|
        concerns|problems with)\b|questions\b(?! (?:is|are|one|two|three|number))"""),
    (Kind.CHECKING, "make sense", rf"{_NO_WH}(?:make|makes|making) (?:any |more |perfect )?sense\b(?! of)"),
    (Kind.CHECKING, "understand, got it", rf"""(?:{_NO_WH}(?:do|does|did|don't|can|you|everybody|everyone|anybody|
        anyone|all)|who) (?:all |guys |you )?{_FOLLOWING}\b"""),
    (Kind.CHECKING, "clear", r"""(?:you |we |everybody |everyone |are we |is that |is it |is everybody |is everyone |
        are you |are you guys |we all |all )*(?:got it|get it|got that|understand|clear|good|with me|confused|stuck|
        following|okay with that|comfortable)(?: with that| so far| now| on that| there)?$"""),
    (Kind.CHECKING, "how are we doing", r"""how (?:are|do|did) (?:we|you|you guys|you all|y'all) (?:all )?(?:doing|feel|
        feeling|do$)\b|how(?:'s| is) (?:it|that|everybody|everyone) (?:going|doing)|(?:are|is) (?:you|everybody|
        everyone) (?:guys |all )?(?:convinced|clear|okay with|comfortable)|have you (?:figured|got)\b|.*\b(?:thumbs|
        fist to five)\b"""),
    (Kind.RELATING, "agree", r".*\b(?:agree|disagree|agrees|disagrees)\b"),
    (Kind.RELATING, "add on, repeat", r""".*\b(?:add on|add to (?:that|what)|add anything|add something|build on|
        piggyback|rephrase|restate|revoice|repeat|own words|(?:say|said) (?:that )?again in)\b"""),
    (Kind.RELATING, "what somebody said", r""".*\bwhat (?:is|was|did|does) (?!this\b|that\b|it\b|the\b|i\b|you\b|we\b)
        [\w']+ (?:mean by|saying|just say|just said|trying to say)\b|.*\bthink (?:of|about) (?:what )?(?:[\w']+'s|his|
        her|their|that) (?:idea|answer|strategy|thinking|way|solution|method)\b"""),
    (Kind.RELATING, "somebody else’s way", rf""".*\b(?:did|does|has|have|got|get|do) {_SOMEBODY}(?: else)?\b.*
        \b(?:different|differently|same|another|else|other)\b|.*\bhow (?:is|was|are) [\w']+ (?:[\w']+ )?
        (?:different from|similar to|the same as) (?:[\w']+'s|yours|mine|his|hers|theirs)\b"""),
    (Kind.RELATING, "something different", rf""".*\b(?:did|do|does|has|have) {_PEOPLE} (?:have |get |got )?(?:an?
        |another |something )(?:different|similar|other)\b"""),
    (Kind.YES_NO, "show of hands", r".*\bhow many of you\b|raise your hands?\b"),
    (Kind.MANAGEMENT, "why don’t you", r".*\bwhy (?:don't|doesn't) (?:you|we|everybody|someone|somebody|everyone)\b"),
    (Kind.REASON, "why", rf"""{_FEW}{_FEW}why\b(?! not$)|.*\b(?:tell|explain|say|know|see|show|because) {_FEW}why\b|
        .* why$|how come\b"""),
    (Kind.REASON, "how do you know", r""".*\bhow (?:do|did|can|could|would|does|are|might) (?:[\w']+ ){1,2}(?:know|knew|
        prove|tell|sure|be sure|justify|convince|explain|get that|got that|get your|figure that|figure it|come up with|
        be certain)\b"""),
    (Kind.REASON, "what makes you", r""".*\bwhat(?:'s| is| was)? (?:makes|made|your (?:reason|reasoning|evidence|proof|
        justification|explanation)|the reason)\b"""),
    (Kind.REASON, "explain, prove", r""".*\b(?:explain(?! it$)|prove|justify|convince|reasoning|rationale|
        elaborate|evidence)\b|.*\bbecause$|because\b"""),
    (Kind.REASON, "what does it mean", rf"""{_FEW}what (?:does|do|did) (?:that|this|it|you|they|he|she) mean\b|
        .*\bwhat do you mean\b|{_FEW}what (?:does|do|did|would) (?:[\w']+ ){{1,4}}(?:mean|represent|tell us|
        tell you|tell me)\b|{_FEW}how (?:does|would|could|can|will|might) (?:[\w']+ ){{1,4}}(?:help|helps|work|relate|
        connect|change|affect|become|equal)\b|{_FEW}how (?:is|was) (?:that|this|it) possible\b"""),
    (Kind.OPEN, "share, tell me about", rf""".*\b(?:can|could|would|will|who|anyone|anybody|someone|somebody|want to|
        wants to|like to|willing to) {_FEW}(?:share(?! (?:your|the|my) screen| with your)|describe|summarize|compare|
        tell {_TO} (?:a little |a bit |a little bit )?(?:about|what you|how|why|more|something)|show {_TO} (?:how|
        why|what you did)|model for|demonstrate|
        walk {_TO} through|talk about|help {_TO} understand|give {_TO} (?:an?|another|one|some) (?:other )?(?:example|
        strategy|reason|idea|way))\b"""),
    (Kind.MANAGEMENT, "please", r""".*\bplease\b|.*\b(?:do you mind|would you mind|you mind|may i|can i have|can i get|
        can i see|could i have)\b"""),
    (Kind.MANAGEMENT, "who is next", r"""who(?:'s| is| are| wants| would| will| still| has| needs| hasn't| can| else|
        didn't| did| do| haven't)*(?: [\w']+){0,2} (?:next|volunteer|want|wants|like to|ready|done|finished|missing|
        absent|go|going|come|paper|pencil|whiteboard|share|read|try|turn|first|up)\b"""),
    (Kind.MANAGEMENT, "would you do this", rf"""{_NO_WH}(?:can|could|would|will|can't|won't)
        [ ](?!we\b|they\b|people\b){_PEOPLE}(?: all| just|
        guys| two| now| go ahead and| quickly| also| maybe)* {_HANDLE}\b"""),
    (Kind.MANAGEMENT, "ready, done", r"""(?:[\w']+ ){0,4}(?:ready|done|finished|all set|good to go)(?: yet| now|
        for [\w']+| to (?:go|start|move on|begin))?$|.*\b(?:need more time|more minutes|more time|another minute)\b"""),
    (Kind.MANAGEMENT, "things of the room", rf"(?:{_NO_WH}(?:[\w']+ )*|where(?:'s| is| are) )your {_THINGS}\b"),
    (Kind.MANAGEMENT, "what to do now", rf""".*\b(?:what page|which page|whose turn|what time is it|how much time|
        how many (?:more )?minutes|what (?:are (?:you|we) (?:on|working on|supposed)|
        should you be doing|did i (?:say|ask)|do you need$|do you want to)|(?:where|what) do you (?:stand|sit|go)|
        what(?:'s| is) going on)\b|what are you doing|{_NO_WH}(?:are you (?:guys |all )?(?:doing|listening|watching|
        looking|talking|working|
        writing|sitting|here|there|okay|all right|on)|can (?:you|everybody|everyone|you guys|you all) (?:see|hear)|
        do you (?:need|want to|have a (?:pencil|question))|did you (?:finish|bring|want|need|turn)|
        do we (?:ever )?need (?:a|the|your|to)|would you (?:like|rather|be)|is (?:everybody|everyone|anybody|anyone)|
        does (?:everybody|everyone|anybody|
        anyone) (?:have|need)|do (?:you|we) all have|is there anyone|have you (?:done|finished|started))\b|
        you (?:don't )?(?:need|want) (?:a|your|to|some|help|it|the|more)\b"""),
    (Kind.WH_FACT, "what do you think it is", rf"""{_FEW}(?:what|which|who|how many|how much) (?:[\w']+ ){{0,3}}?do you
        [ ]think(?: [\w']+)+ (?:is|are|was|be|going to be|would be|will be|work|has|have)$|{_FEW}(?:which|who|how many|
        how much|what (?!else|kinds?\b|other\b)[\w']+) (?:[\w']+ ){{0,2}}?do you think\b|
        .*\bwhat (?:did|have|do) (?:you|we|you guys|they|he|she|[\w']+) (?:get|got|have)$"""),
    (Kind.OPEN, "what do you notice", rf""".*\bwhat (?:[\w']+ ){{0,3}}?(?:do|did|can|could|would|might|does)
        [ ]{_PEOPLE}(?: all| guys| two)? (?:notice|wonder|remember|observe|predict|know about|find interesting)\b|
        .*\bwhat (?:else |other [\w']+ )?(?:do|did|are|were|can|could|would|might|have|does) (?:{_PEOPLE}|he|she|
        your [\w']+|you and [\w' ]+)(?: all| guys| two)? (?:[\w']+ )?{_THINK}\b|.*\bwhat do (?:we|you|
        you guys) know$"""),
    (Kind.OPEN, "what did you do", r""".*\bwhat (?:did|have|were) (?:you|you guys|you all|he|she|they|your group|
        your partner|(?!we\b|i\b|it\b|that\b)[\w']+) (?:do|done|say|see|try|saying|doing|use|put|thinking|draw|make|
        build)\b
        (?! for (?:number|question|\d))|.*\bwhat are you thinking\b"""),
    (Kind.OPEN, "what might, what if", r""".*\bwhat (?:might|could (?:you|we|be|it)|if|else|would happen|happens if|
        happens when|happened when|would be (?:a|another)|are some|were some|are the (?:ways|different)|are other|
        is another|was another|other (?:ways?|things?))\b|.*\b(?:say|tell (?:me|us)) (?:a little |a bit |
        a little bit )?more\b"""),
    (Kind.OPEN, "how might, how did you", r""".*\bhow (?:might|else|could|would you|do you think|do you feel|did you|
        did [\w']+ (?:do|get|solve|know|find|figure)|do you like|
        (?:can|could|would) (?:we|you|i)(?! please))\b|.*\b(?:how|what) (?:is|are|was|
        were) (?:[\w']+ ){1,5}(?:similar|different|the same|alike|related)\b|.*\b(?:what's|what is) (?:the same|
        different|
        similar|alike|the difference|the relationship|the connection|interesting|special|important|your plan|
        happening here)\b|.*\bcompare\b"""),
    (Kind.OPEN, "strategies, ideas", r""".*\b(?:strategy|strategies|ideas?|thoughts?|your thinking|patterns?|
        observations?|ways|another way|different way|other way|easier way|faster way|similarities|differences|opinion|
        tell me about|anything else|something else|anybody else|anyone else|anyone different|everybody think|
        in common|effective|efficient|conclude|conclusion|conjecture)\b|.*\bhow about (?:you|somebody|someone)$"""),
    (Kind.WH_FACT, "question word first", rf"{_NO_VERB}(?:{WH}|whose|what's|who's|where's|how's)\b"),
    (Kind.YES_NO, "verb first", rf"""(?:[\w']+ ){{0,2}}?(?:(?:is|are|was|were|does|did|has|can|could|would|should|will|
        do|have|am|may|{NOT}) {SUBJECT}|(?:is|are|was|were|does|did|has) [\w']+)\b
        (?!.*\b(?:what|how many|how much|which)$)"""),
    (Kind.WH_FACT, "question word", rf".*\b(?:{WH}|whose|what's|who's|where's|how's)\b"),
    (Kind.YES_NO, "verb inside", r""".*\b(?:is|are|was|were|does|did|do|can|could|would|should|will|have|has) (?:i|you|
        we|they|he|she|it|that|this|these|those|there|the)\b"""),
    (Kind.YES_NO, "a choice", r".* or .*|(?:neither|either|both)$|any\b"),
    (Kind.WH_FACT, "left open", r""".*\b(?:is|are|was|were|equals?|times|plus|minus|by|of|the|a|an|to|with|for|called|
        be|and|in|my|your|using|into|than|from|means|gives|has)$|(?:\d+|and|times|plus|minus|equals|using)\b.*"""),
)  # fmt: skip
"""The order matters: what a question is said for (a tag, a check, a request) comes before what it asks."""
