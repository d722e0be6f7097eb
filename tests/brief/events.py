"""Reports of made-up events, as several outlets would write them; and events that look alike."""

from datetime import UTC, datetime, timedelta

from audiobrief.brief.story import Candidate

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

#: Event, hours after the start, outlet, title, text. One letter of an event is one matter: its
#: events look alike, and are none the less two.
_ROWS = """
fire-1|2|Harbor Post|Fire destroys furniture warehouse in Kelby
A fire destroyed a furniture warehouse on Dock Road in Kelby early on Monday, and three firefighters were treated for smoke.
Chief Fire Officer Nadia Brandt said 60 firefighters fought the flames for five hours. Residents of Salter Street were led out of their homes.
The warehouse belonged to Orrin Furniture, which employs 85 people.
fire-1|5|Northern Wire|Kelby warehouse blaze: three firefighters hurt
Three firefighters were hurt when a blaze tore through the Orrin Furniture warehouse in Kelby before dawn.
"It could have been far worse," said Nadia Brandt, the chief fire officer. About 60 of her crew were sent to Dock Road, where smoke could be seen for miles.
People living on Salter Street spent the night in a school.
fire-1|9|Daily Lantern|Firefighters in hospital after Orrin Furniture fire
Investigators are looking for the cause of a fire that burned down the warehouse of Orrin Furniture in Kelby. Three firefighters needed treatment in hospital.
The flames on Dock Road were put out at about 9 a.m., Chief Fire Officer Nadia Brandt told reporters. Families from Salter Street may return on Tuesday.
fire-2|7|Northern Wire|Kelby school fire was an accident, police say
A fire at the Whitmore School in Kelby last month was an accident caused by an old heater, police said on Monday.
Nobody was hurt in the fire, which closed the school for two weeks. Headteacher Paul Renfrew thanked the firefighters and said all 400 pupils would be back by Easter.
quake-1|1|Tremor Desk|Magnitude 5.1 earthquake hits near Tolva
A magnitude 5.1 earthquake struck 12 kilometers north of Tolva, Merania, on Monday, the Geological Survey of Merania said.
The quake was at a depth of 10 kilometers. There were no reports of damage or injuries.
quake-1|3|Harbor Post|Tolva shaken by quake of magnitude 5.1
An earthquake of magnitude 5.1 shook houses in Tolva in the north of Merania on Monday morning. No one was hurt, the authorities said.
"My cups fell off the shelf," said Irma Solano, a baker in Tolva. The Geological Survey of Merania put the center of the quake 12 kilometers north of the town.
quake-2|6|Tremor Desk|Magnitude 4.6 earthquake hits near Port Anselm
A magnitude 4.6 earthquake struck 31 kilometers west of Port Anselm, Merania, on Monday, the Geological Survey of Merania said.
The quake was at a depth of 22 kilometers. There were no reports of damage or injuries.
quake-3|28|Tremor Desk|Magnitude 5.3 earthquake hits near Tolva
A magnitude 5.3 earthquake struck 40 kilometers south of Tolva, Merania, on Tuesday, the Geological Survey of Merania said.
The quake was at a depth of 15 kilometers. Two people were treated for cuts.
bank-1|4|Daily Lantern|Central Bank of Merania raises rate to 4.25 percent
The Central Bank of Merania raised its main interest rate by a quarter point to 4.25 percent on Monday, the highest since 2009.
Governor Tomas Eklund said inflation, at 6.1 percent in February, was still too high. Mortgages will cost a family about 40 crowns more a month.
bank-1|6|Northern Wire|Merania lifts interest rate to 4.25 percent as prices climb
Borrowers in Merania face higher costs after the central bank lifted its key rate to 4.25 percent from 4 percent.
Tomas Eklund, the bank's governor, pointed to inflation of 6.1 percent and did not rule out another step in May. The crown rose against the euro.
bank-2|8|Daily Lantern|Central Bank of Sorvia keeps rate at 3 percent
The Central Bank of Sorvia kept its main interest rate at 3 percent on Monday, as expected.
Governor Lena Farkas said inflation had fallen to 2.2 percent in February and that the bank saw no need to act before the summer.
bank-3|50|Daily Lantern|Bank governor Eklund to leave in autumn
Tomas Eklund, the governor of the Central Bank of Merania, will step down in October after eight years, the bank said on Wednesday.
His deputy, Greta Lindqvist, is seen as the favorite to follow him. Eklund will teach at the University of Tolva.
match-1|10|Sport Now|Rovers beat Kelby Town 3-1 to go top
Ashford Rovers went top of the league with a 3-1 win over Kelby Town on Sunday. Marco Velde scored twice and Sam Okoro added a third.
Kelby's Luis Arden had made it 1-1 just before half-time. "We showed character," said Rovers coach Dieter Holm.
match-1|12|Harbor Post|Velde scores twice as Rovers beat Kelby Town
Two goals by Marco Velde sent Ashford Rovers to the top of the table as they came from behind to beat Kelby Town 3-1.
Sam Okoro headed the last goal after Luis Arden had pulled Kelby level. Coach Dieter Holm praised his defenders.
match-2|11|Sport Now|Rovers women lose 2-0 at Port Anselm
Ashford Rovers lost 2-0 at Port Anselm in the women's cup on Sunday. Jana Petrov and Ines Moreau scored for the home side.
Rovers coach Amy Teller said her players had been tired after Wednesday's match.
match-3|60|Sport Now|Velde out for six weeks with knee injury
Marco Velde, the leading scorer of Ashford Rovers, will be out for six weeks with a knee injury, the club said on Wednesday.
Velde was hurt in training. Coach Dieter Holm said young Sam Okoro would take his place against Northgate on Saturday.
vote-1|3|Northern Wire|Mayor Ruiz wins second term in Port Anselm
Ana Ruiz won a second term as mayor of Port Anselm with 54 percent of the vote on Sunday, ahead of the businessman Karl Dressler.
Ruiz, 51, promised to build 2,000 flats and to reopen the tram to the harbor. Turnout was 61 percent.
vote-1|4|Daily Lantern|Port Anselm re-elects Ruiz with 54 percent
Voters in Port Anselm have given Mayor Ana Ruiz four more years. She took 54 percent, and her rival Karl Dressler conceded before midnight.
The tram to the harbor and 2,000 new flats are at the top of her list, Ruiz told cheering supporters at the Old Exchange.
vote-2|5|Northern Wire|Tolva elects Green mayor for the first time
Tolva has elected a Green mayor for the first time: Felix Moen won 51 percent of the vote on Sunday against Mayor Astrid Krag.
Moen, a teacher of 38, wants to close the center of Tolva to cars. Turnout was 58 percent.
vote-3|30|Harbor Post|Port Anselm tram will reopen in 2028, says Ruiz
The tram to the harbor of Port Anselm will run again in 2028, Mayor Ana Ruiz said on Tuesday when she presented the plan to the council.
The line costs 90 million crowns. Karl Dressler called the plan a dream without a budget.
phone-1|20|Tech Hour|Lumina recalls 40,000 phones over hot batteries
Lumina is recalling 40,000 of its Aria 5 phones after nine batteries overheated, the company said on Monday.
Owners get a new phone for free. "We take this very seriously," said Lumina's head of design, Bo Castellan.
phone-1|26|Northern Wire|Overheating batteries force recall of Lumina's Aria 5
The phone maker Lumina has called back about 40,000 Aria 5 phones because their batteries can overheat. Nine cases are known and nobody was hurt.
Shares of Lumina fell 4 percent. Bo Castellan, who leads its design team, apologized to customers.
phone-2|22|Tech Hour|Lumina profit rises 12 percent on Aria 5 sales
Lumina's profit rose 12 percent to 310 million crowns in the fourth quarter as sales of the Aria 5 beat expectations, the company said on Monday.
Chief executive Rhea Sandoval raised the forecast for the year. Shares of Lumina had risen 20 percent since January.
court-1|14|Harbor Post|Former minister Hadley jailed for four years
The former transport minister Owen Hadley was jailed for four years on Monday for taking bribes from the builder Stavro Construction.
Judge Miriam Koss said Hadley had sold the trust of the public for 600,000 crowns. Hadley will appeal.
court-1|16|Daily Lantern|Four years in prison for Owen Hadley in Stavro bribery case
A court in Kelby has sentenced Owen Hadley, once the country's transport minister, to four years in prison. He took 600,000 crowns from Stavro Construction for the contract of the northern motorway.
His lawyer announced an appeal. "Nobody is above the law," Judge Miriam Koss told him.
court-2|18|Harbor Post|Stavro Construction manager goes on trial for bribery
A manager of Stavro Construction, Ilse Graf, went on trial in Tolva on Monday on charges that she bribed two town councillors.
Graf denies that. The trial before Judge Henrik Sand is expected to last until June.
storm-1|33|Northern Wire|Storm Greta cuts power to 70,000 homes
Storm Greta left 70,000 homes without power in the west of Merania on Tuesday and closed the port of Port Anselm.
Winds reached 140 kilometers an hour at Cape Morrow. A driver was killed by a falling tree near Tolva, police said.
storm-1|36|Tremor Desk|One dead and 70,000 without power as Storm Greta hits Merania
A man died when a tree hit his car near Tolva as Storm Greta crossed the west of Merania with winds of up to 140 kilometers an hour.
About 70,000 homes have no power. Ferries from Port Anselm will not sail before Wednesday, the harbor office said; the strongest gust was measured at Cape Morrow.
storm-2|140|Northern Wire|Storm Henrik cuts power to 20,000 homes
Storm Henrik left 20,000 homes without power in the west of Merania on Sunday, six days after Storm Greta.
Winds reached 120 kilometers an hour at Cape Morrow. The port of Port Anselm stayed open.
"""


def reports():
    """Return each report with the name of its event, in the order of the table."""
    found = []
    for row in _ROWS.strip().split("\n"):
        if row.count("|") == 3:
            event, hours, outlet, title = row.split("|")
            found.append((event, int(hours), outlet, title, []))
        else:
            found[-1][-1].append(row)
    return [
        (event, Candidate(f"{event}/{n}", title, "\n".join(lines), outlet, START + timedelta(hours=hours)))
        for n, (event, hours, outlet, title, lines) in enumerate(found)
    ]  # fmt: skip
