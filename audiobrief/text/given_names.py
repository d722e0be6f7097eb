"""Given names that are frequent somewhere: a capitalized word that may begin a person's name."""

from __future__ import annotations

#: No list of all names, and none is less of a name for standing elsewhere: a name that is missing
#: here needs other evidence before it is read as a byline (a short biography, a "By").
_LIST = """
    aaron abbie abby abdul abdullah abigail abraham adam adele adrian adriana agnes ahmad ahmed
    aidan aisha akira alan alana alastair albert alberto alec alejandra alejandro aleksandr
    aleksandra alessandra alessandro alex alexa alexander alexandra alexei alexis alfred alfredo
    ali alice alicia alina alisa alison alistair allan allen allison alyssa amanda amber amelia
    amina amir amit amy ana anastasia anders andre andrea andreas andrei andres andrew andrius
    andrzej andy angel angela angelica angelina angelo angus anita anjali ann anna annabel anne
    annette annie anthony antoine anton antonia antonio anya aoife april archie arjun arne arnold
    arthur arturo asha ashley astrid aubrey audrey august austin ava avery axel barbara barry bart
    beatrice becky bella ben benedict benjamin benoit bernadette bernard bernardo bert beth
    bethany betsy betty beverly bianca bill billy bjorn blake bob bobby bonnie boris brad bradley
    brandon brenda brendan brent brett brian brianna bridget britney brittany brooke bruce bruno
    bryan bryce byron caitlin caleb calvin cameron camilla camille candice cara carl carla carlo
    carlos carly carmen carol carolina caroline carolyn carrie casey cassandra catalina catherine
    cathy cecilia cedric celeste celia chad chantal charlene charles charlie charlotte chelsea
    cheryl chiara chloe chris christa christian christina christine christoph christopher christy
    ciara cindy claire clara clare clark claude claudia clayton clement clifford clive cody colin
    colleen connie connor conor constance corey corinne courtney craig cristina crystal curtis
    cynthia daisy dakota dale damian damien dan dana daniel daniela danielle danny daphne darcy
    darren dave david dawn dean deanna debbie deborah debra declan deepak deirdre delia denis
    denise dennis derek desmond devin devon diana diane diego dieter dimitri dina dmitri dmitry
    dominic dominik dominique don donald donna doris dorothy doug douglas drew duncan dustin
    dwayne dylan eamon earl eddie edgar edith eduardo edward edwin eileen elaine eleanor elena eli
    elias elijah elisa elisabeth elise elizabeth ella ellen ellie elliot elliott ellis elsa emil
    emile emilia emilio emily emma emmanuel enrico enrique eric erica erik erika erin ernest
    ernesto esteban esther ethan eugene eva evan eve evelyn fabian fabio faith farah fatima
    federica federico felicia felicity felipe felix fernanda fernando finn fiona florence florian
    frances francesca francesco francis francisco franck francois frank franz fred frederic
    frederick frederik gabriel gabriela gabriella gabrielle gareth gary gavin gemma gene genevieve
    geoff geoffrey george georgia georgina gerald gerard gerhard gilbert giles gillian gina
    giorgio giovanni giulia giuseppe gladys glen glenn gloria gordon grace graeme graham grant
    greg gregory greta guido guillaume guillermo gunnar gustav gustavo gwen hailey hannah hans
    harold harriet harris harrison harry harvey hassan hazel heather hector heidi helen helena
    helene helga henri henrik henry herbert hilary hiroshi holly hope howard hubert hugh hugo
    hussein ian ibrahim igor ilya imran ines ingrid irene irina iris isaac isabel isabella
    isabelle isaiah ivan ivana ivy jack jackie jackson jacob jacqueline jacques jade jaime jake
    jamal james jamie jan jana jane janet janice jared jasmine jason javier jay jean jeanette
    jeanne jeff jeffrey jen jenna jennifer jenny jeremiah jeremy jerome jerry jesse jessica jessie
    jesus jill jim jimmy jin joan joanna joanne joaquin jodie joe joel joelle johan johann johanna
    johannes john johnny jon jonah jonas jonathan jordan jorge jose josef joseph josephine josh
    joshua joy joyce juan juana judith judy julia julian juliana julie juliet julio julius june
    jurgen justin justine kai kamala karen karim karin karina karl karla kashmir kate katherine
    kathleen kathryn kathy katie katja katrina kay kayla keith kelly kelsey ken kendra kenji
    kenneth kenny kerry kevin khalid kim kimberly kirk kirsten klaus kristen kristin kristina
    kristy kumar kurt kyle lara larry lars laura lauren laurence laurent laurie lawrence layla lea
    leah leanne lee leila lena leo leon leonard leonardo leroy leslie lewis liam lillian lily
    linda lindsay lindsey lisa liz lloyd logan lois lola lorena lorenzo loretta lori lorraine
    louis louisa louise luc luca lucas lucia lucie lucy ludovic luigi luis luisa lukas luke luther
    lydia lynn madeleine madison maggie magnus mahmoud malcolm manuel manuela marc marcel marcela
    marcia marco marcos marcus margaret margarita maria mariah mariam marian mariana marianne
    marie marilyn marina mario marion marisa mark marko markus marlene martha martin martina
    marvin mary maryam mateo mathew mathias mathieu matilda matt matteo matthew matthias maureen
    maurice mauricio max maxim maxime maximilian maxine maya megan mehmet mei melanie melinda
    melissa melody mercedes meredith mia michael michaela michal michel michele michelle miguel
    mikael mike mikhail mila milan mildred miles mina ming miranda miriam mitchell mohamed
    mohammad mohammed moira molly mona monica monika monique morgan morris moses muhammad murray
    mustafa myra nadia nadine nancy naomi natalia natalie natasha nathan nathaniel neal neil
    nelson nicholas nick nicola nicolas nicole nigel niko nikolai nils nina noah noel noelle nora
    norma norman oksana olaf oleg olga oliver olivia olivier omar orlando oscar otto owen pablo
    paige pamela paola paolo parker pascal patrice patricia patrick patty paul paula pauline pavel
    pedro peggy penelope penny percy perry pete peter petra phil philip philippa philippe phillip
    phoebe phyllis pierre pilar polly prakash preston priya quentin rachael rachel rafael rahul
    raj rajesh ralph ramon randall randy raphael rasmus raul ravi ray raymond rebecca rebekah
    reggie regina reginald renata rene renee rex rhys ricardo richard rick ricky rita rob robert
    roberta roberto robin robyn rocio rodney rodrigo roger rohan roland roman ron ronald rory rosa
    rosalie rose rosemary rosie ross rowan roxanne roy ruben ruby rudolf rupert russell ruth ryan
    sabine sabrina sadie said salma salvatore sam samantha samir samuel sandra sandy sanjay
    santiago sara sarah sasha saul savannah scott sean sebastian selena serena serge sergei sergey
    sergio seth shane shannon sharon shaun shawn sheila shelby shelley sheryl shirley sidney
    siegfried sierra silvia simon simone sofia sonia sonja sophia sophie spencer stacey stacy stan
    stanley stefan stefania stefanie stella stephan stephane stephanie stephen steve steven
    stewart stuart sue sunil suresh susan susanna susanne suzanne sven svetlana sydney sylvia
    sylvie tamara tanya tara tariq taylor ted terence teresa terrence terry tess tessa thea theo
    theodore theresa thomas tiffany tim timothy tina tobias toby todd tom tomas tommy toni tony
    tracey tracy travis trevor tricia tristan troy tyler ulrich ulrike uma umberto ursula
    valentina valeria valerie vanessa vera verena veronica vicki vicky victor victoria vikram
    viktor vincent viola violet virginia vivian viviana vladimir wade wallace walter wanda warren
    wayne wendy wesley whitney wilfred wilhelm will willem william willie winston wolfgang xavier
    yael yan yasmin yolanda yosef yuki yuri yusuf yves yvette yvonne zachary zack zane zara zoe
    zoltan
"""
GIVEN_NAMES = frozenset(_LIST.split())
