//! Names that people go by instead of the one in their papers. Each line is one given name with its
//! short and pet forms, in folded letters; a form may stand in several lines.

use std::{collections::HashMap, sync::LazyLock};

const FORMS: &str = "\
abigail abby gail
abraham abe bram
adalbert bert albert
adelaide addie heidi
adriana adrianna adri ada jana
adrianus adriaan adrian adriano ad aad adri arie
agnes agnieszka aga inez nessa
alan allan allen al
albert al bert bertie
alberto berto beto
alejandra alex ale sandra
alejandro ale alex jandro
aleksander alexander aleksandar alexandre alessandro alex alec sander sandro sascha sasha olek xander lex al
aleksandra alexandra alessandra alex sandra sasha ola sandy lexi
alexei alexey aleksey alyosha lyosha
alfonso alphonse alonso fons poncho
alfred alf fred freddie
alice ali alicia elise
alison ali allie
alojzy alois aloys luis lois
amanda mandy mandi
anastasia nastya ana stacy
anders andreas andy
andrea andrea andy drea
andrew andreas andrzej andre andrea andres andrej andrei andy drew dries andi andrii
andrzej jedrek andrew
angela angie angelika angelina
anna anne ann ana anja anya annie anka ania hanna hannah nan nancy annika anneke anke
annemarie annamaria annmarie anne marie
anthony antonio antoine anton antoni antonius toni tony toon ton antek
antonia antonina antonella tonia toni nina
arnold arnoldus arnoud arno nol
arthur art artur artie
augustus august gus augustin guus
barbara barb babs basia bobbie
bartholomew bart bartek bartosz bartlomiej
beatrice beatrix bea trixie bice
benjamin ben benny benji benjie
bernard bernd bernhard bernie bennie bernardo
bethany beth
birgitta brita britta britt gittan
bogdan boguslaw bogus
boleslaw bolek
bozena bozenka
bradley brad
bridget birgit brigitte biddy gitte
brunhilde hilde bruni
cameron cam
caroline carolina carolyn karolina carol carrie caro karo
catharina toos cato trijn trui katrijn
catherine katherine kathryn katharina katarina catharina caterina katarzyna ekaterina kate katie kathy cathy kat kit kitty karin katja kasia katya trijntje rina trina
cecilia cecile celia cilla silke
charles carlos carl karl karol carlo charlie chuck chas charley karel
charlotte charly lotte lottie charlie
charlotte lotta charlotta
christian kristian christiaan chris kris
christina christine kristina kristine krystyna christa chris chrissy kirsten krista stina tina kris
christopher christoph kristoffer krzysztof christophe cristoforo cristobal chris kris topher krzysiek stoffel
clara klara claire clare
claudia claudine
clemens clement klemens clem
concepcion concha conchita conchi
conor conchubhar
constance connie constanze
consuelo chelo
cornelia cor corrie nelly nel lia neele
cornelius cornelis kees cor neil corneel
cynthia cindy
daniel dan danny dani daan danilo
daniela danielle dani
danuta danka danusia
dariusz darek
david dave davey davy dawid
deborah debra deb debbie
denise denny
dennis denis denny den
diana diane di
dieter diether dietmar
dimitri dmitri dmitry dima mitya dimitrios dimitris
dolores lola loli
dominic dominik dom nick domenico mimmo
donald don donnie
dorothy dorothea dot dottie dora thea dorota
douglas doug dougie
edmund ed eddie ned
edward eduard eduardo edoardo edouard ed eddie ted teddy ned eddy lalo edek
egbert egbertus bert
eleanor eleonora ellie nora nell lenora
elisabet lisbet lis bettan lisa elise bets bep els
elizabeth elisabeth elzbieta elisabetta isabel isabella isabelle ysabel liz lizzie beth betty betsy eliza elsa else elise lisa lise liesbeth lies els ela ella libby lisbeth bettina sissi
emanuel emmanuel manuel manny manolo manu
emily em emma emilia emmy
engelbert engelbertus bert
enrique henrique enrico kike quique
enriqueta queta
eric erik erich rick rik
ernest ernst ernesto ernie
eugene eugen eugenio evgeny gene zhenya
eva eve evi ewa evelyn
evgeni yevgeni evgeniy zhenya
fatma fatos
felicity fliss
felix felicien
ferdinand fernando fernand ferdi nando
ferenc feri
florian flo
frances franziska francesca francisca franciszka fran frankie fanny franzi paquita cesca
francis francisco franciscus francesco franz frans franciszek francois frank franek frankie paco pancho kiko cisco
francisca paqui fanny
francisco curro fran
frederick frederik friedrich federico frederic fryderyk fred freddie fritz freek rik
friederike rike fritzi frieda
gabriel gabe gabriele
gabriela gabriele gabrielle gabi gaby
galina galya
geertruida geertje truus trudy trui
geoffrey jeffrey gottfried jeff geoff godfried
george georg georges jorge giorgio jerzy jiri joris jurgen jorg jurek yuri georgie jordi
georgios giorgos yorgos
gerald gerard gerhard gerardo gerry jerry gert gerd geert
gerard gerardus gerrit ger
gertrude gertrud trudy trudi gerda
giovanni gianni gian vanni
gisela gisi gila
giuseppe beppe peppe pino
giuseppina pina giusy
gonzalo gonza
gregory gregor grzegorz gregorio greg grzes gregg
guadalupe lupe lupita
guillermo memo guille
gunter gunther guenter guenther
gustav gustavo gus gustaf
halina hala hania
hans johann johannes hannes
harold harald harry hal
harriet henriette hattie jet harriett
hatice hatos
heather
heinz heinrich karlheinz
helen helena helene elena ellen lena lenka nell helga ilona
hendrika hendrikje rika hennie riek
henrietta henriette jetta jet
henry heinrich hendrik henri henrik enrico enrique henryk harry hank heinz hein rik henk heiko
herbert herb bert heribert
hildegard hilde hilda
howard howie
hubert hub bert huub
hugo hugh huw ugo
huseyin huso
ibrahim ibo ebrahim
ignatius ignacio ignacy iggy nacho ignaz
ilse elisabeth
ingeborg inge bibi inga
ingrid inge inga
irene irena ira
isaac ike izaak
jacob jakob jacobus jaap jake jack kuba jakub koos sjaak cobus jaco
jacqueline jackie jacky
jadwiga jadzia
james jim jimmy jamie jaime giacomo diego jem jacques iago
jane janet jean joan johanna jeanne giovanna joanna juana jana jenny janine hanna asia joanne jo
jaroslaw jarek
jasmine jasmin jaz yasmin
jeffrey jeff geoff
jennifer jen jenny jenn jenni
jeremy jerry jem jeremias
jerome jerry geronimo hieronim
jerzy jurek
jessica jess jessie
jesus chus chuy
jette henriette
joachim jochen achim joaquin jochem chimo
joanna joasia asia
johannes johan johann jan hannes hans joannes
john johan johannes johann jan jean juan joao giovanni ivan ian sean shaun shawn jon johnny jack hans jens hannes evan ioan janek jannes ivo jonny jonas
jonathan jon jonny johnny nathan jonathon
jorgen jorn jurgen
joseph jose josef jozef giuseppe josep joe joey jo jef sepp pepe youssef yusuf zef joop jos juzek
josephine josefine jo josie fien fina pepa
joshua josh
judith judy jude jutta
julia julie juliane giulia jule juliette jules yulia
julian julien julio jules juliusz giuliano
kajsa katarina karin
karen karin caren kari
karl kalle carl
karlheinz kalle heinz
kazimierz kazik
kenneth ken kenny
kimberly kim kimberley
kirsten kirstine kristine stine kerstin
klaus claus nikolaus nicolaus
konrad conrad kurt konny
konstantin konstantinos kostas kosta costas dinos
kristina kristine kirsten stina stine christel
krystyna krysia
lambertus lambert lammert bert
lars lasse laurits
laszlo laci
laura laurie laure lauren lorri
laurence lawrence lorenzo laurent laurens lorenz lars larry laurie wawrzyniec lennart renzo lou
leonard leonardo leonhard leon leo len lenny lennart
leopold leo poldi
leszek lech
louis luis ludwig lewis luigi luiz lou louie lutz lodewijk ludo ludvig ludwik
louise luisa luise lou lulu ludwika
lucas lukas luke luca luc lukasz luka
lucy lucia lucie luzia lucja
lyudmila ludmila lyuda mila
magdalena madeleine magda maddie lena leni madalena
malgorzata gosia margaret
manfred manni manne fred
manuela manoli manu
margaret margarete margarita margherita margriet marguerite maggie meg peggy greta gretchen rita madge marge grete gretel griet mette merete margot maisie
margareta margaretha margareta maggan margit marit greta rita margriet
maria mary marie marija mariya miriam mia mimi molly polly maryam maja masha marysia maureen mieke marijke ria marika moira
maria riet ria mies maaike maja mieke mariska marie
mark marc marcus markus marco marek marcos marko
martha marta marthe
martin marty martijn maarten martino marcin mart martyn tijn
marzena marzenka
matilda mathilde tilda tilly till mattie
matthew matthias mateo matteo matthieu mateusz mathias matti matt mat matty thijs mats hias mathew matthijs tijs
maurice mauritz maurits moritz maurizio mo mauricio
maximilian max maxim maks maksymilian massimiliano
melanie mel mela
melissa mel missy lissa
mercedes merche mercy
michael michel miguel michele michal mikhail mikael mike mick micky mickey mitch misha michiel mischa mikkel miki
michaela micha michi
michelle michele shelly
mieczyslaw mietek
miroslaw mirek
mohammed muhammad mohamed mohammad mohamad mo mehmet hamed
monica monika monique moni
mustafa musti
nadezhda nadia nadja
nancy nan anne
natalie natalia natascha natasha nathalie nat tasha talia
natalya natalia natasha
nathaniel nathan nate nat
nicholas nicolas nikolaus nicola nikolai mikolaj niklas nick nico nicky klaus claus niko nils niels colin nicolaas klaas kolya miklos
nicole nicola nicky nikki nicoletta
niels nils nisse niklas
norbert bert norb
olaf ole olav
ole oluf olli olle
oleksandr sasha alex
oliver olivier ollie olli oli
olivia liv livia
oscar oskar ossi
pamela pam
panagiotis panos takis
patricia patrizia patrycja pat patty patti trish tricia trisha
patrick patryk patrizio pat paddy padraig rick patricio
paul pablo paolo pavel pawel paulus pauli pol paulo pal pauwel
paula pauline paulina paulien polly paola
pelle per peter
penelope penny
peter pedro pierre pietro piotr petr pieter petrus pete piet per peer pjotr petter petar pero
petronella nel petra nelly pietje
philip philipp felipe filip philippe filippo phil pip flip filippos philippus
pilar pili
przemyslaw przemek
rachel rachael rach raquel
radoslaw radek
rafael raphael rafa raf raffi rafal
raffaele lello
rasmus erasmus ras
raymond raimund ramon ray
rebecca rebekah becky becca bex rebekka
reinhard reinhardt reiner rainer
remedios reme
renate renata rena
richard ricardo riccardo ryszard rick ricky rich richie dick rik rico ritchie
robert roberto rob robbie bob bobby bert robbert robin rupert ruprecht robrecht
roderick rod roddy rodrigo
roger rutger rudiger rog
roland rolando rolf orlando
ronald ron ronnie reinhold ronaldo
rosario charo
rosemary rose rosie rosa
roswitha rosi
rudolf rudolph rudy rudi ralf rolf rodolfo
rupert robert
russell russ rusty
ryszard rysiek
sabine sabina bine binchen
salvador salva
salvatore toto turi salvo
samantha sam sammy
samuel sam sammy samuele
sandra sandy alexandra
santiago santi
sarah sara sally sadie zara
sebastian seb basti bastian sebastiaan bas bastien
sergei sergey sergio serge serhii serg sjors
sharon shari
siegfried sigi siggi fred
sigmund siegmund sigi siggi
simon simeon simone szymon sim
slawomir slawek
sofia sophia sophie zofia sofie zosia
sophia fietje sofie
soren severin
stanislav stanislaw stan stas staszek stach
stephanie stefanie steffi steph stefania stefka
stephen steven stefan stephan etienne esteban stefano steve stevie stef szczepan steffen istvan stefaan stepan
stewart stuart stu stew
susan susanne susanna suzanne zuzanna sue susie suzie suzy sanna sus zuza
sylvester sylvain vester
sylvia silvia sylvie silke
tadeusz tadek
tatiana tatjana tanya tanja tania
terence terrence terry tel
theodore theodor teodor teo theo ted teddy theodorus dorus fedor
theresa teresa therese terry tess tessa resi reese
thomas tomas tommaso tomasz tom tommy thom maso tomek tomaz tam
timothy timotheus tim timmy timo
tobias tobi toby tobiasz
torsten thorsten torben
ulrich uli ulli ulrik
ulrike uli rike ulla
ursula uschi ulla orsola sula
valentin val valentino valentijn
valerie val valeria
vanessa nessa van
veronica veronika vera ronnie weronika roni
victor viktor vittorio vic vik wiktor
victoria viktoria vicky vic tori wiktoria
vincent vincenzo vicente vince vin vinnie enzo wincenty cent
virginia ginny ginger
vladimir wladimir volodymyr vlad vova wlodzimierz wlodek
walter walther wouter walt wally wolter
waltraud traudl traudi
wilhelm wilhelmus willem guillaume guglielmo guillermo will wim willi helmut pim
wilhelmina mina wilma minnie willemijn helma
william bill billy will willy liam willem wilhelm wim guillaume guillermo
wojciech wojtek
wolfgang wolf wolfi
xavier javier saverio xavi javi
yael jael
yasar yasin
yvonne yvette
zachary zach zack zacharias zak
zbigniew zbyszek
zdzislaw zdzich
";

static GROUPS: LazyLock<HashMap<&'static str, Vec<u16>>> = LazyLock::new(|| {
    let mut groups: HashMap<_, Vec<u16>> = HashMap::new();
    for (group, line) in (0..).zip(FORMS.lines()) {
        for form in line.split(' ') {
            let own = groups.entry(form).or_default();
            if own.last() != Some(&group) {
                own.push(group);
            }
        }
    }
    groups
});

/// The lines in which a folded given name stands.
pub(crate) fn lines_of(name: &str) -> &'static [u16] {
    GROUPS.get(name).map_or(&[], Vec::as_slice)
}

/// Whether one person may go by both names.
pub(crate) fn same_person_may_use(one: &str, other: &str) -> bool {
    let others = lines_of(other);
    lines_of(one).iter().any(|line| others.contains(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_meet_in_their_language_and_across() {
        for (one, other) in [
            ("bob", "robert"),
            ("wim", "willem"),
            ("jan", "johannes"),
            ("kasia", "katarzyna"),
            ("sepp", "josef"),
        ] {
            assert!(same_person_may_use(one, other), "{one} {other}");
        }
        for (one, other) in [("bob", "john"), ("anna", "maria"), ("", "")] {
            assert!(!same_person_may_use(one, other), "{one} {other}");
        }
    }

    #[test]
    fn the_table_is_in_folded_letters() {
        for form in FORMS.split_whitespace() {
            assert_eq!(crate::normal::fold(form), form);
        }
    }
}
