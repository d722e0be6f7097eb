"""Whole passages of news: who speaks, from the first paragraph to the last."""

from __future__ import annotations

import pytest

from audiobrief.text.quotation.quotes import find_quotations

PASSAGES = [
    (
        [
            "Zoltan Varga keeps bees outside Pecs.",
            "\u201cThey died in a week, all of them.\u201d",
            "Mr Varga has kept bees since he was nine. He blames a spray.",
            "\u201cYou could smell it in the kitchen.\u201d",
            "The firm that makes the spray, Agrolux, says it is safe.",
            "\u201cOur product has passed every test in Europe.\u201d",
        ],
        ["Zoltan Varga", "Zoltan Varga", None],
    ),
    (
        [
            "Police have named the driver as Karl Ost, 44. A neighbour said he was quiet.",
            "\u201cYou never heard a word from him.\u201d",
        ],
        [None],
    ),
    (
        [
            (
                "The finance minister, Nadia Ferro, presented the budget. The"
                " opposition leader, Piet Claes, was not impressed."
            ),
            "\u201cIt is a budget for people who own boats.\u201d",
        ],
        ["Piet Claes"],
    ),
    (
        [
            (
                "\u201cWe are closing the line in June,\u201d said Halvard Brekke, who "
                "runs the company, on Friday. \u201cNobody uses it.\u201d"
            ),
            (
                "\u201cI use it every day of the week,\u201d said Signe Dahl, 71, a "
                "passenger. \u201cHe should try it himself.\u201d"
            ),
            "Brekke said he had. \u201cThe coffee was cold,\u201d he said.",
        ],
        ["Halvard Brekke", "Signe Dahl", "Signe Dahl"],
    ),
    (
        [
            (
                "The court heard from Dr Imani Otieno, a pathologist. She "
                "told the jury: \u201cThe wound could not have been an accident.\u201d "
                "Defence counsel Rupert Lane asked: \u201cCould a fall have caused"
                " it?\u201d \u201cNo, it could not have,\u201d she replied."
            )
        ],
        ["Imani Otieno", "Rupert Lane", "Imani Otieno"],
    ),
    (
        [
            (
                "\u201cThe roof came off like a lid,\u201d recalled Teresa Nuno, as her"
                " daughter Paula, 9, held her hand."
            ),
            "\u201cI thought the sea had come for us,\u201d the girl said.",
        ],
        ["Teresa Nuno", None],
    ),
    (
        [
            (
                "Asked if he would resign, Governor Tate Willis said, \u201cI have"
                " never been happier in this job.\u201d"
            )
        ],
        ["Tate Willis"],
    ),
    (
        [
            (
                "The governor, Tate Willis, told lawmakers that the plan was "
                "dead. One of them, Rep. Joan Akers, walked out. \u201cI have "
                "better things to do with my time,\u201d she said."
            )
        ],
        ["Joan Akers"],
    ),
    (
        [
            (
                "In a joint statement, Oskar Lind and Maja Berg said: \u201cWe "
                "have decided to part as friends.\u201d"
            )
        ],
        [None],
    ),
    (
        [
            (
                "\u201cIt is the best thing we ever did for this town,\u201d "
                "Councilwoman Rhea Stone, a Democrat who wrote the bill, said"
                " in an interview."
            )
        ],
        ["Rhea Stone"],
    ),
    (
        [("Ferrand\u2019s wife, Odile, said that \u201che never once complained about it\u201d.")],
        ["Odile"],
    ),
    (
        [
            (
                "Louis Ferrand died on Monday. His wife, Odile Ferrand, said "
                "that \u201che never once complained about it\u201d."
            )
        ],
        ["Odile Ferrand"],
    ),
    (
        [
            (
                "\u201cI saw the whole thing from my window,\u201d said a man who gave "
                "his name only as Pavel."
            )
        ],
        [None],
    ),
    (
        [
            (
                "\u2018We had no choice in the matter,\u2019 the club\u2019s chairman, Sir "
                "Gerald Pike, told the BBC."
            )
        ],
        ["Gerald Pike"],
    ),
    (
        [
            "Bakary Toure was the first to arrive.",
            '"There was nothing left of the house," he says. "Only the door stood."',
            "His sister Awa Toure came an hour later.",
            '"I did not want to look at it," she says.',
        ],
        ["Bakary Toure", "Awa Toure"],
    ),
    (
        [
            (
                "Coach Dale Hooper was proud. \u201cThese kids never quit on me,\u201d "
                "Hooper said. \u201cNot once in the whole long year.\u201d"
            ),
            (
                "Senior guard Miles Trent had 20 points. \u201cWe just kept "
                "shooting the ball,\u201d he said."
            ),
        ],
        ["Dale Hooper", "Dale Hooper", "Miles Trent"],
    ),
    (
        [
            (
                "The Bishop of Harle, the Right Reverend Martin Quill, said: "
                "\u201cThere is room for everybody here.\u201d"
            )
        ],
        ["Martin Quill"],
    ),
    (
        [
            "Mr Brandt wrote in his diary that night: \u201cWe shall not see the spring.\u201d",
            "Werner Brandt was 20.",
        ],
        ["Werner Brandt"],
    ),
    (
        [
            (
                "According to the police report, Dina Wolfe shouted \u201cget out "
                "of my house right now\u201d twice."
            )
        ],
        ["Dina Wolfe"],
    ),
    (
        [
            "\u201cIt will be ready by the spring,\u201d promised the contractor.",
            (
                "The mayor, Ines Calder, is less sure. \u201cI will believe it "
                "when I see it,\u201d she said."
            ),
        ],
        [None, "Ines Calder"],
    ),
    (
        [
            (
                "President Okello thanked the crowd. \u201cYou have carried me all"
                " the way,\u201d the president said."
            )
        ],
        ["Okello"],
    ),
    (
        [
            (
                "\u201cThis is the last time I come here,\u201d wrote one reviewer. "
                "Chef Paolo Neri shrugged it off. \u201cYou cannot please them "
                "all.\u201d"
            )
        ],
        [None, "Paolo Neri"],
    ),
    (
        [
            (
                "The Times quoted Elsa Marr, an aide, as saying: \u201cThe deal is"
                " as dead as can be.\u201d"
            )
        ],
        ["Elsa Marr"],
    ),
    (
        [
            (
                "Lena Kovac told her mother, \u201cI will be home by ten tonight.\u201d"
                " She never came back."
            )
        ],
        ["Lena Kovac"],
    ),
    (
        [
            (
                "\u201cWhy did you wait so long?\u201d asked the judge, Amos Reed. \u201cI "
                "was afraid of my brother,\u201d Cole answered."
            ),
            " Bobby Cole, 30, is charged with theft.",
        ],
        ["Amos Reed", "Bobby Cole"],
    ),
    (
        [
            (
                "Human rights lawyer Samira Haddad said the ruling \u201cwill be "
                "remembered for a hundred years.\u201d"
            )
        ],
        ["Samira Haddad"],
    ),
    (
        ["Haddad's client, Yusuf Amin, disagreed: \u201cI just want to go home now.\u201d"],
        ["Yusuf Amin"],
    ),
]


@pytest.mark.parametrize(("paragraphs", "speakers"), PASSAGES)
def test_every_quotation_of_a_passage_has_its_speaker(
    paragraphs: list[str], speakers: list[str | None]
) -> None:
    """Broadcast and newspaper style, court, sport and politics; nobody where nobody is named."""
    assert [q.speaker for q in find_quotations(paragraphs)] == speakers
