//! Offers what the directory has by the name that somebody types into the settings form.

use pod_view::{
    places, problem,
    settings::Input,
    text,
    wire::{Code, PlaceKind, Places, PlacesRequest, Settings},
};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, KeyboardEvent};

use crate::{
    dom, keys,
    net::Failure,
    pod::{Pod, Retry, Screen},
    settings::filled_in,
    trial,
    visit::Visit,
};

/// How long nothing is typed before the directory is asked, in milliseconds.
const PAUSE: i32 = 400;
/// Marks a place whose answer is on its way.
const ASKING: &str = "data-asking";
/// Holds the code of the problem that was told there.
const FAILED: &str = "data-code";

/// A field, and the place below it.
struct Offer {
    input: Input,
    what: PlaceKind,
    field: HtmlInputElement,
    place: Element,
}

/// Something was typed into a field of the form.
pub(crate) fn typed(pod: &Pod, target: &Element) {
    let Some(offer) = Offer::at(target) else { return };
    if offer.name().is_none() {
        offer.clear();
    }
    // One question at a time: the one that is under way looks again what is typed when its answer comes.
    if offer.name().is_some() && !offer.place.has_attribute(ASKING) {
        dom::set(&offer.place, ASKING, "");
        pod.run(Retry::Settings, |pod, visit| async move {
            let outcome = offer.follow(&pod, &visit).await;
            offer.place.remove_attribute(ASKING).expect("it is the name of an attribute");
            outcome
        });
    }
}

/// Takes a place that was offered over into its field.
pub(crate) fn take(button: &Element) {
    let offer = button.get_attribute("data-field").and_then(|id| dom::find(&format!("#{id}")));
    let Some(offer) = offer.as_ref().and_then(Offer::at) else { return };
    offer.field.set_value(&button.get_attribute("data-value").unwrap_or_default());
    offer.clear();
    dom::focus(&offer.field);
    trial::outdated(&offer.field);
}

/// In a field with a name in it, Enter takes the first place that was found, and Escape does without them. The
/// form is not sent: a name is nothing that it takes.
pub(crate) fn key(_pod: &Pod, event: &Event, target: &Element) {
    let Some(key) = keys::alone(event).map(KeyboardEvent::key) else { return };
    let Some(offer) = Offer::at(target).filter(|offer| offer.name().is_some()) else { return };
    match key.as_str() {
        "Escape" => offer.clear(),
        "Enter" if !offer.place.has_attribute(ASKING) => {
            if let Some(first) = dom::find_in(&offer.place, "[data-action=place]") {
                take(&first);
            }
        }
        "Enter" => {}
        _ => return,
    }
    event.prevent_default();
}

impl Offer {
    fn at(field: &Element) -> Option<Self> {
        let input = Input::ALL.into_iter().find(|input| input.id() == field.id())?;
        Some(Self {
            input,
            what: places::kind_of(input)?,
            field: field.clone().dyn_into().ok()?,
            place: dom::find(&format!("#{}", places::place_for(input)))?,
        })
    }

    fn name(&self) -> Option<String> {
        places::name_in(&self.field.value()).map(str::to_owned)
    }

    /// Asks after each pause in typing, until the answer is for what stands in the field.
    async fn follow(&self, pod: &Pod, visit: &Visit) -> Result<(), Failure> {
        while let Some(name) = self.name() {
            dom::pause(PAUSE).await;
            visit.check()?;
            if !self.field.is_connected() {
                break;
            }
            if self.name().as_ref() != Some(&name) {
                continue;
            }
            let Some(settings) = pod.login() else {
                self.show(&Places::default());
                self.say(&maud::html! { (text::LOGIN_FIRST) });
                break;
            };
            if pod.with(|inner| inner.refused.as_deref() == Some(&settings)) == Some(true) {
                break;
            }
            if !self.place.has_attribute(FAILED) {
                self.say(&maud::html! { (text::ASKING) });
            }
            let request = PlacesRequest { settings, what: self.what, text: name.clone() };
            let answer: Result<Places, Failure> = visit.post("settings/places", &request).await;
            visit.check()?;
            let is_current = self.name().as_ref() == Some(&name);
            match answer {
                Ok(found) if is_current => {
                    self.forget_failure();
                    self.show(&found);
                    self.say(&maud::html! { (text::places(self.what, &found)) });
                    dom::reveal(&self.place);
                    break;
                }
                Ok(_) => {}
                Err(failure) => {
                    let Some(problem) = failure.problem() else { break };
                    // Tried at each pause, a wrong password would lock the account.
                    let is_refused = problem.code == Code::BadCredentials.as_str();
                    if is_refused {
                        pod.with(|inner| inner.refused = Some(Box::new(request.settings)));
                    }
                    self.show(&Places::default());
                    self.say(&problem::line(&problem));
                    dom::set(&self.place, FAILED, &problem.code);
                    if is_refused || is_current {
                        break;
                    }
                }
            }
        }
        if self.name().is_none() {
            self.clear();
        }
        Ok(())
    }

    fn clear(&self) {
        self.forget_failure();
        self.show(&Places::default());
        self.say(&maud::html! {});
    }

    fn forget_failure(&self) {
        self.place.remove_attribute(FAILED).expect("it is the name of an attribute");
    }

    fn show(&self, found: &Places) {
        if let Some(list) = dom::find_in(&self.place, "[data-places]") {
            list.set_inner_html(&places::list(self.input, found).into_string());
        }
    }

    /// What is said already is not said again.
    fn say(&self, words: &maud::Markup) {
        if let Some(status) = dom::find_in(&self.place, "[role=status]")
            && status.inner_html() != words.0
        {
            status.set_inner_html(&words.0);
        }
    }
}

impl Pod {
    /// The login of the form as it stands, where it is filled in.
    fn login(&self) -> Option<Settings> {
        self.with(|inner| match &inner.screen {
            Screen::Settings(opening) => filled_in().login(opening.stored()),
            _ => None,
        })
        .flatten()
    }
}
