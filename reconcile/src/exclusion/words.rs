//! Words by which accounts are named that are not a person's, in several languages, folded.

use std::{collections::HashMap, sync::LazyLock};

use super::Exclusion;

/// Words that no person is called by.
const PLAIN: [(Exclusion, &str); 6] = [
    (
        Exclusion::Room,
        "room rooms boardroom meetingroom meeting conference conferenceroom confroom huddle vergaderzaal \
         vergaderruimte vergaderkamer vergadering besprechungsraum besprechungszimmer besprechung \
         konferenzraum sitzungszimmer schulungsraum raum salle reunion reunions riunioni reuniones sala \
         moteslokal mode motesrum motelokale moterom auditorium canteen kantine lokaal zaal spreekkamer \
         behandelkamer kamer booth phonebooth cabine lounge foyer aula klaslokaal classroom conf videoconf \
         suite \
         lokale modelokale moderom moterum motesal konferencelokale konferenssal konferanserom \
         sammantradesrum grupprum kokous neuvotteluhuone pracownia konferencyjna toplanti odasi \
         besprechungsecke workspace hotdesk breakout showroom gym kitchen keuken kuche lobby pantry \
         cafe \
         konferensrum konferensrummet sammantradesrummet grupprummet konferencelokalet moderummet \
         motesrummet vergaderlokaal vergaderplek overlegruimte overlegkamer spreekruimte \
         behandelruimte wachtkamer projectruimte trainingsruimte collegezaal bureaupartage \
         sallereunion visioconference saladereuniones sala1 salon salonik salka konferencni zasedacka \
         targyalo auditorio saletta",
    ),
    (
        Exclusion::Equipment,
        "projector beamer printer printers copier copiers photocopier scanner scanners fax plotter mfp \
         kopierer drucker kopieerapparaat multifunctional imprimante kiosk ipad tablet laptop laptops \
         poolcar dienstwagen bedrijfswagen leenauto firmenwagen webcam cctv camera dect handheld forklift \
         heftruck fuhrpark terminal tablets tablette skaner drukarka telefax zebra kyocera xerox ricoh \
         konica minolta canon brother epson lexmark toshiba sharp hp polycom yealink jabra logitech messarm \
         hoogwerker gabelstapler lieferwagen vehicle label labelprinter etikettendrucker smartboard signage \
         fahrzeug \
         kiosks screen screens display displays infoskaerm infoskarm infoscreen infodisplay \
         digitalsignage tv tvs teamviewer kassensystem pos till tills cashdesk scale weegschaal waage \
         barcode rfid zebraprinter plotters nas ups router switch firewall fortigate watchguard \
         sonicwall meraki unifi ipphone deskphone intercom doorbell alarm timeclock stempeluhr \
         prikklok \
         aanmeldzuil zuil narrowcasting narrowcast dienstauto dienstautos deelfiets deelauto fiets \
         fietsen voiture vehicule pret tjanstebil poolbil servicebil bilpool samochod carro veiculo \
         impressora drukarki skrivare skrivaren skriver kopiator ksero biometric attendance ponto urna \
         wallboard beamers pinautomaat betaalautomaat kassa1 parkeermeter slagboom camerasysteem",
    ),
    (
        Exclusion::SharedMailbox,
        "info information inbox mailbox postvak postbus postfach shared gedeeld support helpdesk servicedesk \
         frontdesk reception receptie empfang rezeption accueil recepcion recepcja accounting accounts \
         payable receivable payables receivables ap ar billing invoices invoice facturen factuur facturatie \
         facturation rechnung rechnungen rechnungswesen rekeningen buchhaltung boekhouding administratie \
         administration comptabilite contabilidad ksiegowosc payroll lohnbuchhaltung hr personeelszaken \
         personalabteilung rrhh jobs careers vacatures vacature bewerbung bewerbungen recruitment recruiting \
         marketing newsletter nieuwsbrief noreply donotreply nicht postmaster webmaster hostmaster abuse \
         privacy gdpr dpo orders order bestellungen bestellung bestellingen bestellen commandes pedidos \
         zamowienia purchasing procurement inkoop einkauf achats compras sales verkoop vertrieb verkauf \
         ventes ventas vendite sprzedaz forsaljning logistics logistiek logistik warehouse magazijn lager \
         dispatch planning klantenservice kundenservice kundendienst customerservice customercare enquiries \
         inquiries bookings reservations reserveringen events feedback archive archief archiv archives \
         secretariat secretariaat sekretariat directie geschaftsfuhrung team teams office kantoor buro \
         bureau biuro kontor general algemeen allgemein contact kontakt contacto tickets complaints klachten \
         returns retouren quality compliance press presse pers media website webshop shop onboarding \
         offboarding staff everyone all management facilities facility maintenance workshop werkplaats \
         werkstatt distribution mail mails email emails voicemail vacation holiday verzuim ziekmelding \
         krankmeldung department abteilung afdeling balie loket kasse kassa caisse customs douane douanes \
         shipping receiving expedition expeditie versand wareneingang warenausgang rechnungseingang zentrale \
         pforte portier guard gate security ressources humaines comptes clients fournisseurs paie \
         repartition entrepot sante securite safety arbeitssicherheit qualitatssicherung assistant executive \
         secretary manager managers director directors board vorstand betriebsrat ondernemingsraad \
         meisterburo schichtleiter werkstattleiter leitstand produktion productie production fertigung \
         jakosc zakupy kadry magazyn serwis personal personeel supervisor coordinator operator leader \
         schichtfuhrer ploegleider voorman verkaufsteam innendienst aussendienst \
         spares repairs stores shopfloor dispo disposition disponent spedisjon spedition ordrekontor \
         ordre ordrer faktura fakturor fakturering regnskab regnskap bogholderi bokforing ekonomi \
         okonomi lon lonn kundeservice kundtjanst kundesenter innkjop inkop indkob salg salj \
         reklamation reklamationer retur returer transport fragt frakt havn lagerkontor vagt vakt \
         resepsjon receptionen sentralbord omstilling omstallning booking bestilling bestillinger \
         bestallning tilbud offerte offertes offers quotes quotations angebote anfragen anfrage \
         auftrag auftrage auftraege disponering fatture ufficio amministrazione acquisti commerciale \
         segreteria administracion facturacion facturas clientes proveedores nominas almacen \
         secretaria direction ressourceshumaines livraison livraisons bourse commande factures facture \
         siparis muhasebe satis destek satin ik bilgi faktury ksiegowa obsluga klienta rekrutacja \
         sekretariatet ledelse pedagogik estimating estimates drawings tekenkamer projects projecten \
         projekte projekt wachtdienst storingsdienst storing pikett bereitschaft notdienst oncall \
         bal onthaal wachtlijst afspraken afspraak poli polikliniek spoed verpleging verpleegafdeling \
         apotheek secr secretariaten griffie burgerzaken bevolking vergunningen wijkteam gemeente \
         kabinet griffier loketten financien financeiro comercial vendas suporte contato cobranca \
         faturamento recursoshumanos rh juridico diretoria presidencia cadastro atendimento ouvidoria \
         arquivo archiwum kancelaria umowy zamowienie reklamacje windykacja rozliczenia arkiv vaxel \
         kundsupport leverantor leverantorsfakturor kundfakturor avtal diariet registrator upphandling \
         litigation docketing conflicts intake matters paralegals records rfp proposals tenders hrhelp \
         talent alumni community receptionist helpline hotline standard accueilpatient admissions \
         facturationclients urgences bloc pharmacie consultations rendezvous rdv courrier mairie \
         etatcivil urbanisme ecole creche dsi drh achat \
         portineria bauburo vermietung hausverwaltung cantiere bauhof baustelle bauleitung kalkulation \
         ausschreibung mietbuchhaltung nebenkosten mahnwesen schadensmeldung hausmeister \
         fuhrparkleitung lohnburo lohnverrechnung kreditoren debitoren mandantschaft kanzlei filiale \
         filialleitung verkaufsraum segnalazioni ordini fornitori contabilita magazzino preventivi \
         ufficiotecnico tienda sucursal caja almacenes mostrador gerencia pedidosonline \
         atencionalcliente atencion reservas recepciones eventos cocina bookingsteam reservationsdesk \
         storemanager instore customerservices guestservices guestrelations housekeeping duty \
         dutymanager payrollteam accountspayable accountsreceivable complaintsteam lostproperty",
    ),
    (
        Exclusion::Service,
        "svc service services server servers fileserver sql mssql sqlserver sqlagent sqlsvc mysql postgres \
         oracle backup backups veeam acronis backupexec sync syncer synchronisation synchronization \
         aadconnect adsync aad azure azuread entra ldap ldapbind bind binduser radius nps vpn wifi wlan \
         sharepoint spfarm iis apppool smtp relay mailrelay exchange healthmailbox monitoring monitor zabbix \
         nagios prtg scan scans scantomail scan2mail scantofolder jenkins gitlab deploy deployment task \
         tasks scheduler batch api integration connector connect rmm kaseya datto ninja atera connectwise \
         automate screenconnect printserver wsus sccm intune adfs sso saml application app apps robot rpa \
         bot daemon agent runner system systems voip 3cx pbx crm erp exact sap navision dynamics powerbi \
         reporting reports report domainjoin join imaging mdt pxe antivirus sophos sentinel sentinelone \
         defender logging syslog siem dhcp dns ntp cluster vmware vcenter esxi hyperv snmp ftp sftp webdav \
         robotic import export interface gateway proxy webservice dienst dienste dienstkonto konto compte \
         cloud tms edi \
         duo discovery asset assets lansweeper solidworks pdm autodesk license licensing licence \
         licenses flexlm wsusadmin barracuda mimecast proofpoint datev lexware sage exactonline afas \
         mailchimp hubspot salesforce zapier graph mfa okta jumpcloud duoproxy ldapproxy scripts \
         script powershell automation ansible terraform docker kubernetes jira confluence bitbucket \
         svn splunk grafana prometheus solarwinds whatsup manageengine pdq teamcity octopus mq \
         rabbitmq redis mongodb sybase informatica tableau qlik ssrs ssis crystal kofax docuware elo \
         sharegate altaro nakivo commvault veritas arcserve unitrends carbonite cloudberry nable \
         labtech kace altiris landesk bigfix citrix xenapp horizon rds rdp terminalserver printservice \
         faxservice mailservice sqlservice webapp apache tomcat nginx mailgateway spamfilter archiver \
         journaling journal unity cucm cisco avaya mitel asterisk telefonie alarmserver badge badges \
         toegang zutritt access salto paxton genetec milestone axis hikvision \
         koppling koppeling koppelvlak fortnox visma totvs protheus senior tally essl biotime hix \
         chipsoft epic cerner pacs ris hl7 mirth cloverleaf ezis topdesk centric pinkroccade key2 gws \
         decos corsa djuma verseon philips siemens roche bluepoint netsuite workday successfactors \
         imanage elite aderant intapp clio deltek vantagepoint newforma bentley autocad revit arcgis \
         esri ivanti sccmadmin sailpoint cyberark thycotic delinea beyondtrust bomgar rapid7 qualys \
         nessus tenable crowdstrike carbonblack cortex darktrace zscaler umbrella duosecurity rsa \
         safenet gemalto entrust venafi digicert backupsvc netbackup rubrik cohesity zerto azbackup \
         onedrive webex zoom webexconnector teamsroom ringcentral genesys five9 nice verint chatbot",
    ),
    (
        Exclusion::Admin,
        "admin admins administrator administrators adm sysadmin beheer beheerder domainadmin superuser root \
         localadmin breakglass emergency noodaccount notfall \
         da domadm dadmin sysadm sysop itadmin globaladmin gadmin cloudadmin \
         privileged priv sysmanager systembeheer applicatiebeheer functioneelbeheer adminaccount \
         beheeraccount",
    ),
    (
        Exclusion::Test,
        "test tests tester testing testuser testaccount testgebruiker testbenutzer dummy demo demos sandbox \
         training trainer schulung opleiding template templates sjabloon vorlage muster mustermann example \
         voorbeeld temp temporary tijdelijk uat qa staging pilot placeholder delete todelete old oud oefen \
         oefenaccount testkonto stagiair stagiaire stagiaires praktikant praktikanten azubi formation modele \
         modelo plantilla szablon ubung student students trainee trainees \
         proef proefpersoon prove proevekonto autopilot testy pruefung prufung probe dummyuser sample \
         fake \
         teste testes usuario usuarioteste proefaccount oefening simulatie simulation essai recette \
         stagiairs interim1 invaller uitzendkracht flexwerker tempuser vikarie vikar praktikanter nowy \
         pracownik szkolenie szkoleniowy treinamento padrao exemplo",
    ),
];

/// Words that say nothing by themselves, but go with the others.
const BESIDE: &str = "user users account accounts gebruiker benutzer utilisateur usuario to from and the of for de van \
                      het der die das und la le et y zu zur fur desk front back floor ground first second \
                      third north south east west new no reply not do out in at on only generic default guest gast \
                      visitor external extern internal intern team dept group line house main head site customer \
                      client klant kunde car pool phone a b c d e f g h small large big blue green red";

/// Words above that people are called by as well: with a given name before them they say nothing.
const NAMES_TOO: &str = "sales service services order contact media sap old temp root mode sala bind proxy \
                         agent monitor muster trainer exact office all bureau camera connect general press pers \
                         planning lager zaal raum task pilot report quality sync oracle ninja training hr ap ar \
                         info marketing qa app bot dienst konto scan room brother canon sharp assistant manager \
                         director operator leader guard gate security printer drucker tester test personal \
                         student label customs \
                         da duo sage till scale axis milestone paxton redis asset \
                         cafe display salto elo unity horizon tableau graph jira script access alarm transport ordre \
                         lon journal badge sample okta salg tv pos switch screen kitchen production spares stores repairs kiosk discovery projekt license projects \
                         senior standard records clio epic elite nice fiets salon priv key2 simulation direction philips siemens \
                         bal poli nas roche crystal siem sante cisco";

/// What is known of a word.
#[derive(Clone, Copy, Default)]
struct Known {
    kind: Option<Exclusion>,
    beside: bool,
    name_too: bool,
}

static WORDS: LazyLock<HashMap<&'static str, Known>> = LazyLock::new(|| {
    let mut words: HashMap<_, Known> = HashMap::new();
    for (kind, list) in PLAIN {
        for word in list.split_whitespace() {
            words.entry(word).or_default().kind = Some(kind);
        }
    }
    for word in BESIDE.split_whitespace() {
        words.entry(word).or_default().beside = true;
    }
    for word in NAMES_TOO.split_whitespace() {
        words.entry(word).or_default().name_too = true;
    }
    words
});

fn known(word: &str) -> Known {
    WORDS.get(word).copied().unwrap_or_default()
}

/// What an account is that is called by this word.
pub(super) fn kind_of(word: &str) -> Option<Exclusion> {
    let by_stem = || STEMS.iter().find(|(_, stem)| word.contains(stem)).map(|(kind, _)| *kind);
    known(word).kind.or_else(by_stem)
}

/// Parts of words that are written together with others.
const STEMS: [(Exclusion, &str); 15] = [
    (Exclusion::SharedMailbox, "noreply"),
    (Exclusion::SharedMailbox, "donotreply"),
    (Exclusion::SharedMailbox, "helpdesk"),
    (Exclusion::SharedMailbox, "servicedesk"),
    (Exclusion::SharedMailbox, "mailbox"),
    (Exclusion::SharedMailbox, "reception"),
    (Exclusion::Room, "meetingroom"),
    (Exclusion::Room, "boardroom"),
    (Exclusion::Room, "vergader"),
    (Exclusion::Equipment, "printer"),
    (Exclusion::Equipment, "scanner"),
    (Exclusion::Service, "backup"),
    (Exclusion::Service, "service"),
    (Exclusion::Test, "testuser"),
    (Exclusion::Admin, "administrator"),
];

/// Words that only together say what they are.
const PHRASES: [(Exclusion, &str); 21] = [
    (Exclusion::SharedMailbox, "back office"),
    (Exclusion::SharedMailbox, "front office"),
    (Exclusion::SharedMailbox, "front of house"),
    (Exclusion::SharedMailbox, "head office"),
    (Exclusion::SharedMailbox, "night audit"),
    (Exclusion::SharedMailbox, "duty manager"),
    (Exclusion::SharedMailbox, "customer service"),
    (Exclusion::SharedMailbox, "front desk"),
    (Exclusion::SharedMailbox, "no reply"),
    (Exclusion::SharedMailbox, "do not reply"),
    (Exclusion::Equipment, "pool car"),
    (Exclusion::Equipment, "company car"),
    (Exclusion::Service, "scan to"),
    (Exclusion::Test, "new starter"),
    (Exclusion::Test, "new user"),
    (Exclusion::Test, "john doe"),
    (Exclusion::Test, "jane doe"),
    (Exclusion::Test, "joe bloggs"),
    (Exclusion::Test, "max mustermann"),
    (Exclusion::Test, "erika mustermann"),
    (Exclusion::SharedMailbox, "help desk"),
];

/// What a folded name that holds a phrase is.
pub(super) fn kind_of_phrase(name: &str) -> Option<Exclusion> {
    PHRASES.iter().find(|(_, phrase)| name.contains(phrase)).map(|(kind, _)| *kind)
}

/// What stands in the title of accounts that are no person's.
const NO_JOBS: [&str; 8] =
    ["mailbox", "account", "konto", "administrator", "room", "printer", "test", "template"];

/// What stands in the title of an account that is nobody's, wherever in it.
const TITLES: [(Exclusion, &str); 20] = [
    (Exclusion::Service, "service account"),
    (Exclusion::Service, "serviceaccount"),
    (Exclusion::Service, "dienstaccount"),
    (Exclusion::Service, "dienstkonto"),
    (Exclusion::Service, "systemkonto"),
    (Exclusion::Service, "system account"),
    (Exclusion::Service, "functioneel account"),
    (Exclusion::Service, "compte de service"),
    (Exclusion::Service, "conta de servico"),
    (Exclusion::Test, "test account"),
    (Exclusion::Test, "testaccount"),
    (Exclusion::Test, "testkonto"),
    (Exclusion::Test, "compte de test"),
    (Exclusion::Equipment, "autologon"),
    (Exclusion::Equipment, "auto logon"),
    (Exclusion::Equipment, "kiosk"),
    (Exclusion::SharedMailbox, "shared mailbox"),
    (Exclusion::SharedMailbox, "hold mailbox"),
    (Exclusion::SharedMailbox, "gedeelde mailbox"),
    (Exclusion::SharedMailbox, "functionele mailbox"),
];

/// What a folded title says that is nobody's. A service account manager has a job.
pub(super) fn kind_of_title(title: &str) -> Option<Exclusion> {
    const JOBS: [&str; 8] =
        ["manager", "executive", "director", "specialist", "lead", "engineer", "beheerder", "owner"];
    if JOBS.iter().any(|job| title.ends_with(job)) {
        return None;
    }
    let holds = |words: &str| {
        title.match_indices(words).any(|(at, _)| {
            let (before, after) = (&title[..at], &title[at + words.len()..]);
            (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
        })
    };
    TITLES.iter().find(|(_, words)| holds(words)).map(|(kind, _)| *kind)
}

/// What nobody's job begins with.
const NO_JOBS_BEGIN: [&str; 10] = [
    "do not",
    "used by",
    "used for",
    "niet ",
    "nicht ",
    "ne pas",
    "wird von",
    "gebruikt",
    "service account",
    "please do not",
];

/// Whether a folded title is somebody's job.
pub(super) fn is_a_job(title: &str) -> bool {
    let last = title.rsplit(' ').next().unwrap_or_default();
    let warns = NO_JOBS_BEGIN.iter().any(|beginning| title.starts_with(beginning));
    !title.is_empty() && !warns && !NO_JOBS.contains(&last)
}

pub(super) fn goes_with_others(word: &str) -> bool {
    word.chars().all(|sign| sign.is_ascii_digit()) || known(word).beside
}

pub(super) fn is_a_name_too(word: &str) -> bool {
    known(word).name_too
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_stand_once() {
        let mut seen = std::collections::BTreeSet::new();
        for (_, words) in PLAIN {
            for word in words.split_whitespace() {
                assert_eq!(crate::normal::fold(word), word);
                assert!(seen.insert(word), "{word} stands twice");
            }
        }
        for word in NAMES_TOO.split_whitespace() {
            assert!(seen.contains(word), "{word} is not among the others");
        }
    }
}
