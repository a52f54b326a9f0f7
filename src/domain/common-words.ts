/**
 * What the commonest passwords are made of, in small letters without marks: words that stand in every published list of
 * leaked ones, in the languages of our pages and a few more. Put together by hand; digits and signs around them are
 * taken off before they are looked up.
 */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `
  1q2w3e 1q2w3e4r 1q2w3e4r5t 1qaz 1qaz2wsx 1qazxsw2 q1w2e3 q1w2e3r4 q1w2e3r4t5 zaq12wsx 123abc abc123
  aaaaaa abc abcd abcdef abcabc access achim admin administrator adobe albert alexander alex alexandra alice amanda america
  amour andrea andrew angel angela angelina animal anthony apollo apple april archive arsenal arthur asdf asdfasdf asdfgh
  ashley august austin azerty
  babygirl badboy bailey banana barcelona basketball batman bayern beautiful benjamin berlin bibliothek bibliotheque
  blablabla blessed blue bonjour booboo borussia brandon bubbles buddy bulldog bundesliga butterfly
  camille caroline change changeme charles charlie cheese chelsea chicken chocolat chocolate chouchou christian christopher
  claudia coffee computer cookie cowboy crystal
  dallas daniel daniela darling david december default demo deutschland diamond dolphin doudou dragon dummy
  eagle einstein elephant elizabeth england enter eternity
  familie family february felix ferrari fick ficken flower football forever foxtrot france frankfurt freddy freedom friend
  friends fuckoff fuckyou fussball
  gandalf george geheim ginger goldfish golf google gold guest guitar
  hallo hamburg hannah hannover happy harley harry heather hello helloworld herzblatt hockey hola hunter
  iiif iloveu iloveyou internet isabelle
  jackson jaguar jakob january jasmine jasper jennifer jessica jesus jetaime johannes john jonathan jordan joseph joshua julia
  julien july june junior justin
  kathrin katrin kennwort killer kitty knight
  lakers laura lauren legend letmein letmeinnow liberty library liebe lieber linda liverpool login loulou love lovely lover
  loveyou lucky
  macintosh maggie manager manchester marie marina marlboro marseille martin master matrix matthew maverick maxwell melanie
  merlin mexico michael michaela michelle mickey microsoft mohammed money monika monkey monster morgan motdepasse mother
  mountain mustang mypassword
  naruto nathalie newpassword newyork nicholas nicolas nicole ninja nintendo november
  october officer oliver olivia orange
  pascal pass passe passwort password passw passwd patricia patrick peanut pepper peter phoenix picture pictures pikachu
  pokemon poohbear porsche princess princesse prinzessin private purple
  qazwsx qazwsxedc qwer qwerty qwertz qwertyuiop qwertzuiop
  rainbow ranger raphael rebecca robert rocky root
  sabine samantha samsung samuel sandra sarah schalke schatz schatzi schnecke scooter scorpion sebastian secret secure
  security september server service shadow silver simone simple slayer snoopy soccer sommer sonne sophie spiderman starwars
  stefan stephanie steven strawberry student summer sunday sunshine super superman support sweet sweetie sysadmin system
  taylor teacher tennis test tester testing teste thomas thunder tiffany tigger tiger tinkerbell toor trustno
  turtle
  ubuntu unicorn user username
  vacation valentina vanessa victor victoria vincent viewer
  walter warcraft website welcome welcometo whatever willkommen william windows winner winter wolf wolfgang
  xavier xbox
  yellow yamaha
  zaq zaqxsw zuhause zxcvbn zxcvbnm
  contrasena contrasenha senha clave princesa teamo tequiero estrella futebol flamengo ciao amore juventus napoli
  wachtwoord welkom geheimnis hund katze maus hase engel teufel
  `
    .trim()
    .split(/\s+/),
);
