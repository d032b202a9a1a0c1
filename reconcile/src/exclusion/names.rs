//! Given names beside those of the table of pet forms, folded: a name that begins with one is a person's
//! until something else speaks against it.

use std::{collections::HashSet, sync::LazyLock};

use crate::normal::nicknames;

const GIVEN: &str = "\
aaron abel abdul abdullah abdallah abhishek adam adele adil aditya adnan agata agustin ahmad ahmed ahmet aicha aiden \
aino ainhoa aisha aitana aitor ajay akash akiko akira alain alaa alan alba aldo alec alena alessia alessio alexis \
alfonsina alfie aline alina alisha alistair allison alma alva alvar alvaro alvin alwin amal amar amaia amber ambra \
amelia amelie amina amine amir amira amit amrit amy ana anabel anais anand ananya anatole anders andra andrius ane \
angel angelo angus anil anish anita anjali anke ankit annalisa annabel annabelle annelies annette annick annika \
anouk ansgar anselm anthea anton antonella anuj anwar apolline ariadna ariane ariel arjan arjen arjun arlette armand \
armando armin arne arno arnaud arpad artem arthur arun arvid arwen asa ashley ashok asif asger aslan asta astrid \
asuncion atakan athena aude audrey augusto aurelia aurelie aurelien aurora austin ava avery axel ayaan ayako ayesha \
aylin ayse aysel aysun azad aziz baptiste barend barry bartolomeo basil baptista baris bashir bassam beat beau beata \
bekir belen belinda belgin ben benedict benedetta benedikt benoit berend berit berkay bernardo berna berno bertil \
bertrand betul bhavna bianca bilal birger birgitte birk bjarne bjorg bjorn blake blanca blanka blandine bo bodil \
bodo boris borja boudewijn boyd bram brandon branislav branko breda brenda brendan brent brett brian brice bridie \
brigida britney britt brooke bruce bruna bruno bryan bryce bulent burak burcu cagla callum calum calvin camila camilla camille \
camilo candice can caner carina carla carlijn carlotta carmela carmen carole carolien carsten carter casey casper \
catalina cedric celal celeste celestine celina celine cem cemal cengiz cesar cesare chad chaim chandra chantal \
charlene chaya chelsea cheng chen cherie cheryl chiara chidi chin chinedu chloe christelle christel christiane \
christos chun ciara cian cindy claire clarisse clark clarissa claude claudio clayton clemence cleo clio clive clovis \
cody coen cole colette conan constantin coralie coralia cor corentin corina corinna corinne cosima cosimo craig crystal \
cristian cristina cristobal curtis cyril cyrille dag dagmar dagny daisy dale dalia damian damien damir damla dana \
danae danique danuta daphne dara daria dario darius darko darren daryl dawn dean deanna declan deepa deepak deepika \
delfina delia delphine demet demi deniz derek derya desiree desmond devin devon dewi dhruv diederik dietrich dilara \
dilek dimitra dina dino dirk dirkje ditte divya dominik dominika dominique donatella donna dora doreen doris dorian \
dorte dorthe douwe dragan drazen drago duarte duc duco duncan duong dustin dylan ebba ebru eckhard eda eddy edgar \
edit edith edina edmund edona eduarda edwin efe efrain egil egon eileen einar ekin elaine elan eli elias eliana elihu elin \
elina eline elio elisabetta elke ella elliot elliott elma elmar elodie eloise elsbeth elske elton elvin elvira elvis \
ema emanuela emil emile emilie emilio emin emine emir emre ena endre engin enis ennio ensar enver enya erdem erdal \
erhan erica erika erin erkan erkki erkut erol ersin erwan erwin esin esma esme esmee esra estela estelle ester esther \
esteban etta etienne eugenia eugenie eulalia eunice evert evelien eveline evelyn everett evi evren ewan eyal ezgi \
ezra fabian fabiana fabien fabienne fabio fabiola fabrice fabrizio fadi fadime faisal faith farah farid farida faruk \
fatih fatima fatou fay faye federica felicia felicitas feline felipa feng ferdi ferhat ferit fernanda fien fieke \
filiz fiona fiorella flavia flavio fleur flora florence florent florentina florin floris foppe francine francois \
francoise frankie franka frauke frode froukje fritz fulvio furkan gabor gael gaelle gaetan gaetano gail gareth garry \
gary gaspard gaston gauthier gavin gaye geir gemma geoffroy georgia georgina geraldine gerben gerbrand germain \
germaine gerrit gertjan ghislaine giada gijs gijsbert gilbert gilberto gilda giles gill gilles gillian gina ginevra \
gino giorgia giorgio giovanna gisele giulio gizem gladys glen glenn glenda gloria goran gordana gordon gottlieb \
graham grainne grant graziella greet gregoire greta griffin grietje grit guang gudrun guido guilherme guillem guiomar guler \
gulsen gunnar gunilla gunther gurpreet gusta guus guy gwen gwenaelle gyula hadi hafid hakan hakim hakon hal halil \
halvard hamid hamish hamza han hana handan hank hanke hannelore hannes hanno harish harm harmen harold harpreet \
harriet haruka haruki harvey hasan hashim hassan hatim havva hayley hayden hazel heath hector hedda hedwig heidi \
heike heiko heleen helge helle hemant hendrik henning henny herbert heriberto herman hermann hermien hernan herve \
hester hichem hidde hilde hildur hilmi hind hiro hiroshi hisham ho hoang hoda holger holly hong hope horst hsin hua \
huan huang hui hulya humphrey hung hussain hussein hyun iain ian iba ibrahima ida idris ieva ignace igor ikram ilan \
ilaria ilhan ilja ilkay ilker ilkka ilya iman imane imke imran imre ina indira indra ines infante ingar inge ingo \
ingvar iga inigo inna inti ioana ion iona irem irena irfan iris irina irma irmgard irwin isa isaac isabelle isak isha \
ishaan isidora ismael ismail ismet isolde israel italo itziar ivana ivar ivano iva ivonne ivor iwona izabela jaak \
jaap jacinta jack jaclyn jade jagoda jaime jalal jamal jami jamila jan jana jane janna janneke jannik jano jared \
jarl jarmo jarno jarno jasbir jason jasper jaswinder javid jawad jay jayden jayne jean jeannette jef jefta jelena \
jelle jelmer jelte jens jeppe jeremie jeroen jerom jesper jesse jet jette jeva jian jie jill jin jing jitka jitse \
joana joanne joaquina jobst jocelyn jochem jodie joel joelle johan johanne jolanda jolanta jole jolien jon joni \
jonna joop joost jordan jordi joren jorid jorg jorge joris jorn jorunn jos joseline josiane jostein joyce jozefina \
jozef juan juana judith juha juhani jules juliana juliette jun june jung juni juri jurgen jurriaan justin justina \
justine justyna jutta kaan kacper kadir kadriye kai kaisa kaito kalle kalpana kalyan kamal kamil kamila kamran karan \
karam kareem karim karima karina karine karlijn karolien kasper kassandra kate kathleen kati katinka katrien katrin \
kavita kay kaya kayla kazuki kazuko kees keith kelly kelvin kemal kenan kendall kenji kerem kerry kerstin ketil \
kevin khadija khaled khalid khalil kieran kiki kim kimberley king kinga kira kiran kirk kitty kjell kjersti klara \
klazien knud knut koen koert koichi konstantina korneel korneliusz kris krishna krista kristaps kristen kristin \
kristof krisztina ksenia kubra kumar kunal kurt kyle kylie kyra lach lachlan lada laia laila lale lalita lambert \
lana lance lani lara larissa lars lasse laszlo latifa latoya laura lauren lavinia layla lea leah leander leandro \
leanne leela leentje leif leigh leila leire leith lejla lela lelia lena lene leni lennart lennert lenneke leonie \
leonor leonora lesley leslie leticia levent levi lex leyla li liam lian liana lidewij lidia lidija lien liesel \
lieselotte lieve lieven lila lilia lilian liliana lilit lillian lilly lily lina linda lindsay lindsey line linh \
linn linnea linus lio lionel lisanne lise liselotte lisette lita liu liv livio ljubica lloyd lodewijk logan lois loic \
lola lone lorena loretta lorna lorraine lothar lotfi lotus louay louella louis louisa loubna luana luca lucian \
luciana luciano lucie lucien lucienne lucinda lucio luigia luis luisa luka lukasz lutfi luuk lydia lyn lynda lynn \
lynne maaike maarten mabel maciej madalena mads mae maeve magali magdalene magne magnus mahdi mahesh mahir mahmood \
mahmoud mahmut mai maike maine mairead maite maiken malcolm malene malik malin malika mallory malou malte mamadou \
mandeep manfred manish manoj manon mansour mara marcel marcela marcella marcello marcelo marcia marcin mareike \
marek maren mari mariam marian mariana marianna marianne maribel marieke marielle marija mariko marilena marilyn \
marin marina marino mario marion marisa marise maritza marja marjan marjolein marjolijn marjorie marlene marlies \
marloes marlon marnix marte martina martine marusia marvin maryam maryse masako masashi massimo mathieu matthijs \
mathilda mats matthea maud maura maurizio mauro maxence maxime maxine maya maylis mayra md meera megan mehdi mehmet \
mei meike meindert meinhard melek melina melis melvin menno merel merel merete merijn meriem merve mert meryem \
metin mette mia micaela micha michaela mien mieke miek miguelina mihai mihaela mika mikaela mikko mila milan milana \
milena miles milica miljan milo milos milou mina ming minh minke mira mirabelle miranda mireille mirela mirella \
miren miriam mirjam mirka mirko miro miroslava mirte mischa mitchell mitsuko moana modesta mohan mohit moira momo \
mona morag moraima morgan morten moses moshe mostafa mourad muhammed muhsin muna murat muriel murray musa mustafa \
mylene myra myriam myrna myrthe nabil nacer nada nadege nadia nadim nadine nadja nael nahid naima nalan nana nanda \
nando naomi narayan narciso nasser nasrin natacha nathalia naveed naveen nawal nazan nazim neal neele neha neil \
nele nelson neng nermin nesrin neta neuza neven neville neza ngoc ngozi nguyet nhat nicolien nicoline nida niek \
nienke nigel nihal nihat nikhil nikita nikolaj nikolina nils nina niren nisha nishant nitin noa noah noel noelia \
noelle noemi noemie noor nora noran norah norbert norma norman nour noura nuno nur nuran nuray nurcan nuria nurten \
nynke oda odd oddvar odette odile odin odysseas okan olena oleg olga olgierd oliwia omar omer onno onur oona orhan \
oriana oriol orla orlando orsolya osama osman ossian oswald otto oumar owen ozan ozge ozlem paavo pablo paivi pal \
palle paloma pam paolino pap parisa parker parveen pascal pascale pasquale patrik paulien paz pearl pedro peggy \
pekka pelin penny perla pernilla pernille perrine petar petra petri petronella petter phyllis pia piero pierluigi \
pieterjan pim pinar piotr pippa piroska pirjo placido pol polina poul pradeep prakash pranav prasad prateek pravin \
preben preeti prem preston priscilla pritam priya priyanka puck qing quang queenie quentin quinten quirijn quoc rabia \
rachid rada radim radka raed ragna ragnar ragnhild rahel rahim rahul raissa raj raja rajan rajeev rajesh rajiv rakesh \
ralph ram raman ramazan ramesh rami ramiro ramona ramses ramzi rana randall randi randy rania ranjit raoul raphaela \
rasa rashid rashida rasmus ratna rauf raul raven ravi raymonde rayan razvan reda reem regina regine reginald regis \
reidar reidun reina reinder reinier reinout rekha remco remi remko remy renaldo renaud rene renee renske renzo reto \
rex reyhan reza rhea rhiannon rhys ria riad rian riccarda ridha riho rik rikke riley rina rishi rita ritu riza roar \
roel roeland rogier rohan rohit roisin rokas roksana roma romain roman romana romane romeo romina romke romy ronan \
ronja rory rosa rosalia rosalie rosalind rosanna roselien rosella rosina ross rowan rowena roxana roxanne roy roza \
ruben ruby ruchi rui rune ruslan russel rut ruta ruth ruud ryan ryo saad saba sabah sabri sacha sadia said saida \
sajid sakari sakura salah salem salih salim salima salman salome salvatore sam samar samer sami samia samir samira \
sana sanaa sander sandeep sandhya sandrine sangeeta sangeetha sanjay sanja sanjeev sanna sanne sante santo saori \
sara saskia satish satu saulo saurabh savannah scarlett scott seamus sean sebnem seda sedat sef sefa seher selcuk \
selena selim selin selina selma semih semra sema sena senad senay sercan serdar serena serge serhat serife serkan \
servet sevda sevgi sevil sevim seyma shabnam shahid shaikh shane shannon sharda shauna sheena sheila shelby sheldon \
shen sherif sherry shirin shirley shivani shiv shobha shreya shu shyam sibel sibylle sidney sidsel siebe siem sien \
siert sietske sietse sif sigrid sigurd sigve silas silje silke silvana silvestre silvio simay simen simona simonetta \
simran sinan sine sinead siobhan siren siri sirkka sissel siv sixten sjoerd sjoukje skye slavko smita snezana sofiane \
sofie sofus soha sohail sol solange solene solveig sona sondre sonia sonja sonny sophie soraya soren sotiris souad \
stacey stacy stanislas stanley stavros steen steffen steinar stella stellan steph stian stig stijn stina stine storm \
stuart su sudha suhail sukru sumit sunil sunita suresh surya suse susann sushil suvi suzan svein sven svend sverre \
svetlana swati sydney sylvain sylvana sylvie szilvia taavi tabea tahir taina takashi takeshi talal talia tallulah \
talita tamar tamara tamas tamer tammy tania tanguy tara tarek tariq taru tatsuya taylor teemu teresita terje terttu \
tessa thabo thalia thanh thea theis thelma theodora theresia thibaud thibault thierry thijs thirza thor thora thord \
thore thorbjorn thorsten thuy thyra tiago tiana tibor tiffany tijmen tiina tijana tim timea timo tine ting tirza titia \
titus tobin todd tom tomislav tomoko tone tonje tor torben tord tore torgeir torill tormod torsten torunn tracey tracy \
trang tranh travis trevor trine tristan trond troy truls trygve tsvetan tuan tuba tugba tuomas tuulia tycho tyler tyra \
tyrone udo ugur ulf ulla ulrika ulrikke ultan umberto umit umut una uriel urs ursula urszula ute uwe uzma vaclav val \
valentina valter van vanja varun vasco vasil vasile vasiliki vegard velma vendela vera verena verity verner vesa vesna \
vibeke vicky vidar vidya vigdis vijay vikas vikram viktoriya ville vinay vincenza vineet viola violet violeta virgil \
virgile virginie vishal vita vitor vitoria viv vivek vivian viviana vivien vivienne vlasta vojtech volkan volker \
vuk wadim wael walid wallace wanda warren wei wen wendela wendy wenche werner wesley wessel whitney wiebe wiebke wieger \
wieland wieslaw wiktoria wilbert wilco wilfried willeke willemijn wilma winfried winifred winnie winston wioletta wouter \
wolfram xander xaviera xavi xenia ximena xin xue yacine yagmur yamina yan yana yanis yann yanneck yannick yara yash \
yasemin yasin yasmina yasmine yavuz yelena yeliz yen yi yigit yildiz ylva yoann yohan yoko yolanda yolande yoram yosef \
youri youssef yu yuki yukiko yun yunus yuri yusuf yves yvon zafer zahra zaid zainab zakaria zara zdenek zehra zeki zelda \
zeliha zeljko zeno zeynep zhang zhen zheng zhi zhou zina zineb zita zlatan zoe zofia zoltan zoran zoya zsolt zsuzsanna \
zubair zuleyha";

static NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| GIVEN.split_whitespace().collect());

/// Whether somebody is called so.
pub(super) fn is_given_name(word: &str) -> bool {
    NAMES.contains(word) || !nicknames::lines_of(word).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded() {
        for name in GIVEN.split_whitespace() {
            assert_eq!(crate::normal::fold(name), name);
        }
        assert!(is_given_name("bob") && is_given_name("zeynep") && !is_given_name("printer"));
    }
}
