//! Icons: one path each on a 24 by 24 grid, drawn as strokes.

use leptos::prelude::*;

/// The icons of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Today.
    Home,
    /// Accounts.
    Building,
    /// Import.
    Upload,
    /// Settings.
    Gear,
    /// Search.
    Search,
    /// Close.
    Cross,
    /// Pause.
    Pause,
    /// Resume.
    Play,
    /// Refresh.
    Refresh,
    /// Person.
    Person,
    /// Several people.
    People,
    /// Sign out.
    Door,
    /// More.
    Dots,
    /// Add.
    Plus,
    /// Done.
    Check,
    /// Undo.
    Undo,
    /// Note.
    Note,
    /// Call.
    Phone,
    /// Mail.
    Mail,
    /// Meeting.
    Calendar,
    /// Ticket.
    Ticket,
    /// Invoice.
    Receipt,
    /// Survey.
    Smile,
    /// Health.
    Pulse,
    /// Usage.
    Bars,
    /// Edit.
    Pencil,
    /// Warning.
    Warning,
    /// Information.
    Info,
    /// Nothing here.
    Inbox,
    /// No connection.
    Cloud,
    /// Next.
    Right,
    /// Previous.
    Left,
    /// Down.
    Down,
    /// Star.
    Star,
    /// Columns.
    Columns,
    /// Filter.
    Funnel,
    /// File.
    File,
    /// Delete.
    Trash,
    /// Help.
    Help,
    /// History.
    Clock,
    /// Download.
    Download,
    /// Light and dark.
    Moon,
    /// Up.
    Up,
    /// Redo.
    Redo,
    /// Locked.
    Lock,
    /// Scorecards.
    Sliders,
    /// Notifications.
    Bell,
    /// Tasks.
    Tasks,
    /// Alerts.
    Flag,
    /// Dashboards.
    Tiles,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Home => "M4 11.5 12 5l8 6.5V19a1 1 0 0 1-1 1h-4.5v-5h-5v5H5a1 1 0 0 1-1-1z",
            Self::Building => {
                "M5 20V5a1 1 0 0 1 1-1h7a1 1 0 0 1 1 1v15M14 10h4a1 1 0 0 1 1 1v9M3.5 20h17M8 8h3M8 12h3M8 16h3"
            }
            Self::Upload => "M12 15V4.5M8 8l4-4 4 4M5 15v3.5A1.5 1.5 0 0 0 6.5 20h11a1.5 1.5 0 0 0 1.5-1.5V15",
            Self::Gear => {
                "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3.5v3M12 17.5v3M3.5 12h3M17.5 12h3M6 6l2.1 2.1M15.9 15.9 18 18M18 6l-2.1 2.1M8.1 15.9 6 18"
            }
            Self::Search => "M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15 15l4.5 4.5",
            Self::Cross => "M6 6l12 12M18 6 6 18",
            Self::Pause => "M9 5.5v13M15 5.5v13",
            Self::Play => "M8 5.5v13l10.5-6.5z",
            Self::Refresh => "M19 12a7 7 0 1 1-2-4.9M19 4.5v4h-4",
            Self::Person => "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20c.8-3.6 3.7-5.5 7.5-5.5s6.7 1.9 7.5 5.5",
            Self::People => {
                "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 19.5c.6-3.2 3.1-5 6.5-5s5.900 1.800 6.500 5M16 5.300a3.500 3.500 0 0 1 0 6.400M18 15c2 .7 3.200 2.300 3.500 4.500"
            }
            Self::Door => "M14 4H7a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h7M11 12h9.500M17 8.500l3.500 3.500-3.500 3.500",
            Self::Dots => "M6 12h.01M12 12h.01M18 12h.01",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Check => "M5 12.500 10 17.500 19.500 7",
            Self::Undo => "M8.500 5 4.500 9l4 4M4.500 9H14a5.500 5.500 0 0 1 0 11h-3",
            Self::Note => {
                "M6 4h12a1 1 0 0 1 1 1v10l-5 5H6a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM19 15h-5v5M8.500 8.500h7M8.500 12h4"
            }
            Self::Phone => {
                "M6.500 4h3l1.500 4-2 1.500a11 11 0 0 0 5.500 5.500l1.500-2 4 1.500v3a1.500 1.500 0 0 1-1.600 1.500A15.500 15.500 0 0 1 5 5.600 1.500 1.500 0 0 1 6.500 4z"
            }
            Self::Mail => {
                "M4.500 6h15a.500.500 0 0 1 .500.500v11a.500.500 0 0 1-.500.500h-15a.500.500 0 0 1-.500-.500v-11a.500.500 0 0 1 .500-.500zM4.500 7l7.500 6 7.500-6"
            }
            Self::Calendar => {
                "M5.500 6h13a1 1 0 0 1 1 1v11.500a1 1 0 0 1-1 1h-13a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1zM4.500 10.500h15M8.500 4v4M15.500 4v4"
            }
            Self::Ticket => "M4 7h16v3.500a1.500 1.500 0 0 0 0 3V17H4v-3.500a1.500 1.500 0 0 0 0-3zM14 7v10",
            Self::Receipt => {
                "M6 3.500h12v17l-2.400-1.500-2.400 1.500L12 19l-1.200 1.500L8.400 19 6 20.500zM9 8h6M9 12h6"
            }
            Self::Smile => {
                "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM9 10h.01M15 10h.01M8.500 14c1.800 2.300 5.200 2.300 7 0"
            }
            Self::Pulse => "M3.500 12.500h4l2.500-7 4 13 2.500-6h4",
            Self::Bars => "M5 20v-7M12 20V5M19 20v-10M3.500 20h17",
            Self::Pencil => "M5 19l.800-3.800L16 5l3 3L8.800 18.200zM14 7l3 3",
            Self::Warning => "M12 4.500 20.500 19h-17zM12 10v4M12 16.800h.01",
            Self::Info => "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 11v5M12 8h.01",
            Self::Inbox => "M5 5h14l1.500 9v4a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1v-4zM3.500 14H9a3 3 0 0 0 6 0h5.500",
            Self::Cloud => "M7 18a4 4 0 0 1-.500-8A5.500 5.500 0 0 1 17 9a4.500 4.500 0 0 1 .500 9zM4 4l16 16",
            Self::Right => "M9.500 5.500 16 12l-6.500 6.500",
            Self::Left => "M14.500 5.500 8 12l6.500 6.500",
            Self::Down => "M5.500 9.500 12 16l6.500-6.500",
            Self::Star => {
                "M12 4l2.400 5.200 5.600.700-4.100 3.900 1 5.700-4.900-2.800-4.900 2.800 1-5.700L4 9.900l5.600-.700z"
            }
            Self::Columns => "M4.500 5h15v14h-15zM9.500 5v14M14.500 5v14",
            Self::Funnel => "M4 5.500h16l-6.500 7.500v5.500L10.500 20v-7z",
            Self::File => "M6.500 3.500H14l4.500 4.500v12.500h-12zM14 3.500V8h4.500",
            Self::Trash => "M5 7h14M10 7V4.500h4V7M7 7l.800 12.500h8.400L17 7M10.500 11v5M13.500 11v5",
            Self::Help => {
                "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM9.800 9.800a2.300 2.300 0 1 1 3.200 2.200c-.700.300-1 .800-1 1.500v.300M12 16.600h.01"
            }
            Self::Clock => "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.500l3 1.800",
            Self::Download => "M12 4.500V15M8 11.500l4 4 4-4M5 19.500h14",
            Self::Moon => "M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z",
            Self::Up => "M5.500 14.500 12 8l6.500 6.500",
            Self::Redo => "M15.500 5l4 4-4 4M19.500 9H10a5.500 5.500 0 0 0 0 11h3",
            Self::Lock => "M6.500 11h11v9h-11zM8.500 11V8a3.500 3.500 0 0 1 7 0v3M12 14.500v2",
            Self::Sliders => "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.800v4.400M9 14.800v4.400",
            Self::Bell => "M6.500 16.500V11a5.500 5.500 0 0 1 11 0v5.500l1.500 1.500h-14zM10 20.500h4",
            Self::Tasks => {
                "M4 6.500l1.500 1.500 2.500-3M11 7h9M4 12.500l1.500 1.500 2.500-3M11 13h9M4 18.500l1.500 1.500 2.500-3M11 19h9"
            }
            Self::Tiles => {
                "M4.500 4.500h6.500v6.500H4.500zM13 4.500h6.500v6.500H13zM4.500 13h6.500v6.500H4.500zM13 13h6.500v6.500H13z"
            }
            Self::Flag => "M6 20.500V4.500M6 5h11.500l-2.500 4 2.500 4H6",
        }
    }

    /// Returns whether it points somewhere and turns around in right-to-left languages.
    fn turns(self) -> bool {
        matches!(self, Self::Right | Self::Left | Self::Door | Self::Undo | Self::Redo)
    }
}

/// Draws an icon; what it means stands beside it or in the label of its button.
#[component]
pub fn Pic(
    /// Which icon.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" data-mirror=icon.turns().then_some("")>
            <path d=icon.path()/>
        </svg>
    }
}
