//! How a device is, in words for the till's status bar and the technician's page.

use crate::PortFault;
use serde::{Deserialize, Serialize};

/// State of one device, as far as its kind of line can tell. A one-way device is `Ok` when its port is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Health {
    /// Works.
    Ok,
    /// The driver has just started and does not know yet.
    Trying,
    /// Does not work now; it is tried again by itself.
    Failed { trouble: Trouble },
}

/// What is wrong with a device. `words` says what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    #[error("the port is not there")]
    NotThere,
    #[error("another program holds the port")]
    Busy,
    #[error("no right to open the port")]
    NotAllowed,
    #[error("the device refused the connection or its host did not answer")]
    Unreachable,
    #[error("the plug was pulled or the device switched off")]
    Unplugged,
    #[error("the device does not answer")]
    Silent,
    #[error("the device takes no more bytes")]
    Stalled,
    #[error("the paper is out")]
    PaperOut,
    #[error("the cover is open")]
    CoverOpen,
    #[error("the cutter is stuck")]
    Cutter,
    #[error("the printer reports an error that it cannot mend")]
    Broken,
    #[error("the printer is offline")]
    Offline,
    #[error("the modem reports no caller numbers")]
    NoCallerId,
    #[error("the job is longer than a printer may take")]
    TooLong,
    #[error("the driver of the device has stopped")]
    Stopped,
}

/// Language of `Trouble::words`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    Chinese,
    English,
}

impl Trouble {
    /// What is wrong and what to do, for the person at the device.
    pub fn words(self, language: Language) -> (&'static str, &'static str) {
        let [chinese, english] = self.table();
        match language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }

    fn table(self) -> [(&'static str, &'static str); 2] {
        match self {
            Self::NotThere => [
                ("找不到端口", "检查插头和电源；换过插口就在设备页重新绑定"),
                ("port not found", "check plug and power; if it sits in another socket now, bind it again on the device page"),
            ],
            Self::Busy => {
                [("端口被别的程序占用", "关闭占用该端口的程序"), ("port held by another program", "close the program that uses it")]
            }
            Self::NotAllowed => [
                ("没有权限打开端口", "请技术员把收银程序的用户加入 dialout、lp 组"),
                ("no right to open the port", "ask the technician to add the till's user to the groups dialout and lp"),
            ],
            Self::Unreachable => [
                ("连不上设备的网络地址", "检查设备电源、网线和地址"),
                ("network address does not answer", "check the device's power, network cable and address"),
            ],
            Self::Unplugged => [
                ("设备被拔出或断电", "插好插头，打开电源；会自动恢复"),
                ("unplugged or switched off", "plug it in and switch it on; it comes back by itself"),
            ],
            Self::Silent => [
                ("设备没有应答", "检查电源、波特率和接线；若本机型不会应答，在设备页改为“无状态”"),
                (
                    "no answer from the device",
                    "check power, baud rate and cable; if this model never answers, choose a profile without status",
                ),
            ],
            Self::Stalled => [
                ("设备不再接收数据", "检查是否缺纸、开盖或脱机，再关开一次电源"),
                ("device takes no more bytes", "look for paper, cover and the feed lamp, then switch it off and on"),
            ],
            Self::PaperOut => [
                ("打印机缺纸", "装一卷新纸，合上盖子；会自动继续"),
                ("paper out", "put in a new roll and close the cover; it goes on by itself"),
            ],
            Self::CoverOpen => [("打印机盖没合上", "合上打印机盖"), ("cover open", "close the printer's cover")],
            Self::Cutter => {
                [("切刀卡住", "关电源，取出卡住的纸，再打开"), ("cutter stuck", "switch it off, take out the jammed paper, switch it on")]
            }
            Self::Broken => [
                ("打印机报告无法恢复的故障", "关开一次电源；仍有故障请报修"),
                ("printer reports a fault it cannot mend", "switch it off and on; if it stays, call service"),
            ],
            Self::Offline => {
                [("打印机脱机", "按一下进纸/联机键，检查缺纸和盖子"), ("printer offline", "press feed or online; check paper and cover")]
            }
            Self::NoCallerId => [
                ("调制解调器不支持来电显示", "确认线路开通来电显示，或换一台调制解调器"),
                ("modem reports no caller numbers", "make sure the line has caller ID, or use another modem"),
            ],
            Self::TooLong => [("打印内容过长", "分成几张打印"), ("print job too long", "print it in parts")],
            Self::Stopped => {
                [("设备驱动已停止", "在设备页重新启用该设备"), ("driver stopped", "switch the device on again on the device page")]
            }
        }
    }
}

impl From<PortFault> for Trouble {
    fn from(fault: PortFault) -> Self {
        match fault {
            PortFault::NotThere => Self::NotThere,
            PortFault::Busy => Self::Busy,
            PortFault::NotAllowed => Self::NotAllowed,
            PortFault::Unreachable => Self::Unreachable,
            PortFault::Io(_) => Self::Unplugged,
        }
    }
}
